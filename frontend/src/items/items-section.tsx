import { Stack, Title } from '@mantine/core';
import { useEffect, useId } from 'react';
import { useIntegrations } from '../integrations/use-integrations.ts';
import { sameOwner, type Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { ItemsPanel } from './items-panel.tsx';
import { LoadChooser } from './load-chooser.tsx';

interface ItemsSectionProps {
  owner: Owner;
  /** Whether its session has ended: what is there can be looked at, but nothing more be loaded. */
  isOver?: boolean;
}

/** One panel for every connection whose items were asked for, and the others to choose from. */
export function ItemsSection({ owner, isOver = false }: ItemsSectionProps) {
  const headingId = useId();
  const { loads } = useServices();
  const { data: integrations } = useIntegrations(owner);
  const own = useObservable(loads.loads).filter((load) => sameOwner(load.owner, owner));
  useEffect(() => {
    const goOn = (): void => loads.resumeWaiting();
    window.addEventListener('online', goOn);
    return () => window.removeEventListener('online', goOn);
  }, [loads]);
  return (
    <>
      {own.length > 0 && (
        <Stack component="section" gap="md" aria-labelledby={headingId}>
          <Title order={2} size="h3" id={headingId}>
            {strings.load.section}
          </Title>
          {own.map((load) => {
            const { connection_id: connectionId, integration } = load.connection;
            const known = integrations?.find((each) => each.integration === integration);
            return <ItemsPanel key={connectionId} load={load} integration={known} />;
          })}
        </Stack>
      )}
      {!isOver && <LoadChooser owner={owner} loaded={new Set(own.map(({ connection }) => connection.connection_id))} />}
    </>
  );
}
