import { Stack, Title } from '@mantine/core';
import { useId } from 'react';
import { useIntegrations } from '../integrations/use-integrations.ts';
import { sameOwner, type Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { ItemsPanel } from './items-panel.tsx';

/** One panel for every connection whose items were asked for. */
export function ItemsSection({ owner }: { owner: Owner }) {
  const headingId = useId();
  const { loads } = useServices();
  const { data: integrations } = useIntegrations(owner);
  const own = useObservable(loads.loads).filter((load) => sameOwner(load.owner, owner));
  if (own.length === 0) return null;
  return (
    <Stack component="section" gap="md" aria-labelledby={headingId}>
      <Title order={2} size="h3" id={headingId}>
        {strings.load.section}
      </Title>
      {own.map((load) => {
        const { connection_id: connectionId, integration } = load.connection;
        const known = integrations?.find((each) => each.integration === integration);
        return <ItemsPanel key={connectionId} load={load} displayName={known?.display_name ?? integration} />;
      })}
    </Stack>
  );
}
