import { Alert, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { memo, useDeferredValue, useId, useState } from 'react';
import type { Integration } from '../api/types.ts';
import { asFailure } from '../api/api-failure.ts';
import { useConnections } from '../connections/use-connections.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import type { Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { CardSkeletons } from './card-skeletons.tsx';
import { IntegrationCard } from './integration-card.tsx';
import { searchIntegrations } from './search.ts';
import { useIntegrations } from './use-integrations.ts';

/**
 * One card an integration, with the owner's connections in it. What has come is shown in slices, so that what is there stays
 * usable meanwhile: all cards at once would hold up a slow phone.
 */
export function IntegrationsSection({ owner }: { owner: Owner }) {
  const { availability } = useServices();
  const isAway = useObservable(availability.condition).name !== 'well';
  const integrations = useDeferredValue(useIntegrations(owner));
  const connections = useDeferredValue(useConnections(owner));
  return <Integrations {...{ owner, integrations, connections, isAway }} />;
}

interface IntegrationsProps {
  owner: Owner;
  integrations: ReturnType<typeof useIntegrations>;
  connections: ReturnType<typeof useConnections>;
  isAway: boolean;
}

const Integrations = memo(function Integrations({ owner, integrations, connections, isAway }: IntegrationsProps) {
  const headingId = useId();
  const [text, setText] = useState('');
  const { place } = useServices();
  // What is only a part of the service being away, the banner tells; the cards come when it is back.
  const isTold = (error: Error | null): boolean => error !== null && !(isAway && asFailure(error).transient);
  const all = integrations.data ?? [];
  const shown = searchIntegrations(all, text);
  return (
    <Stack component="section" gap="md" aria-labelledby={headingId}>
      <Group justify="space-between" align="flex-end" gap="sm">
        <Title order={2} size="h3" id={headingId}>
          {strings.integrations.heading}
        </Title>
        {!(place.focused && all.length < SEARCHABLE) && (
          <Search text={text} onText={setText} shown={shown.length} all={all.length} />
        )}
      </Group>
      {isTold(integrations.error) && (
        <ErrorNotice title={strings.integrations.failed} error={integrations.error} testId="integrations-error">
          <RetryButton onRetry={() => void integrations.refetch()} />
        </ErrorNotice>
      )}
      {isTold(connections.error) && (
        <ErrorNotice title={strings.connections.failed} error={connections.error} testId="connections-error">
          <RetryButton onRetry={() => void connections.refetch()} />
        </ErrorNotice>
      )}
      <Welcome all={all} isEmpty={connections.data?.length === 0} />
      {integrations.data === undefined && !isTold(integrations.error) && <CardSkeletons />}
      {integrations.data?.length === 0 && <Text>{strings.integrations.none}</Text>}
      {all.length > 0 && shown.length === 0 && <NoMatch text={text} onClear={() => setText('')} />}
      <div className="cards" data-testid="cards">
        {shown.map((integration) => (
          <IntegrationCard
            key={`${owner.orgId} ${owner.userId} ${integration.integration}`}
            integration={integration}
            owner={owner}
            connections={connections.data?.filter((each) => each.integration === integration.integration)}
          />
        ))}
      </div>
    </Stack>
  );
});

/** Fewer are seen at a glance. */
const SEARCHABLE = 5;

interface SearchProps {
  text: string;
  onText: (text: string) => void;
  shown: number;
  all: number;
}

function Search({ text, onText, shown, all }: SearchProps) {
  return (
    <Group gap="sm" align="center" className="search">
      <Text size="sm" c="dimmed" role="status" data-testid="integrations-count">
        {all > 0 && strings.integrations.count(shown, all)}
      </Text>
      <TextInput
        type="search"
        aria-label={strings.integrations.search}
        placeholder={strings.integrations.searchHint}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        className="search-field"
        data-testid="integrations-search"
      />
    </Group>
  );
}

function NoMatch({ text, onClear }: { text: string; onClear: () => void }) {
  return (
    <Stack gap="sm" align="flex-start" data-testid="no-match">
      <Text className="breakable">{strings.integrations.noMatch(text)}</Text>
      <Button size="compact-sm" variant="default" onClick={onClear}>
        {strings.integrations.clear}
      </Button>
    </Stack>
  );
}

/** For who is here for the first time: what to do, and that nothing can break. */
function Welcome({ all, isEmpty }: { all: Integration[]; isEmpty: boolean }) {
  if (all.length === 0) return null;
  const sandbox = all.some((each) => each.sandbox);
  if (!isEmpty) return sandbox ? <SandboxHint /> : null;
  return (
    <Alert variant="light" color="indigo" role="note" title={strings.integrations.first} data-testid="first-visit">
      <Stack gap={4}>
        <Text size="sm">{strings.integrations.firstHint}</Text>
        {sandbox && <Text size="sm">{strings.integrations.sandboxHint}</Text>}
      </Stack>
    </Alert>
  );
}

function SandboxHint() {
  return (
    <Text size="sm" c="dimmed">
      {strings.integrations.sandboxHint}
    </Text>
  );
}

function RetryButton({ onRetry }: { onRetry: () => void }) {
  return (
    <Button size="compact-sm" variant="default" onClick={onRetry} data-testid="retry">
      {strings.page.retry}
    </Button>
  );
}
