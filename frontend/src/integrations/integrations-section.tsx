import { Button, Group, Loader, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import { useConnections } from '../connections/use-connections.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import type { Owner } from '../owner/owner.ts';
import { strings } from '../strings.ts';
import { IntegrationCard } from './integration-card.tsx';
import { useIntegrations } from './use-integrations.ts';

/** One card an integration, with the owner's connections in it. */
export function IntegrationsSection({ owner }: { owner: Owner }) {
  const headingId = useId();
  const integrations = useIntegrations(owner);
  const connections = useConnections(owner);
  return (
    <Stack component="section" gap="md" aria-labelledby={headingId}>
      <Title order={2} size="h3" id={headingId}>
        {strings.integrations.heading}
      </Title>
      {integrations.isPending && <Waiting text={strings.integrations.loading} />}
      {integrations.error && (
        <ErrorNotice title={strings.integrations.failed} error={integrations.error} testId="integrations-error">
          <RetryButton onRetry={() => void integrations.refetch()} />
        </ErrorNotice>
      )}
      {connections.error && (
        <ErrorNotice title={strings.connections.failed} error={connections.error} testId="connections-error">
          <RetryButton onRetry={() => void connections.refetch()} />
        </ErrorNotice>
      )}
      {integrations.data?.length === 0 && <Text>{strings.integrations.none}</Text>}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" data-testid="cards">
        {integrations.data?.map((integration) => (
          <IntegrationCard
            key={`${owner.orgId} ${owner.userId} ${integration.integration}`}
            integration={integration}
            owner={owner}
            connections={connections.data?.filter((each) => each.integration === integration.integration)}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Waiting({ text }: { text: string }) {
  return (
    <Group gap="sm" role="status">
      <Loader size="sm" aria-hidden="true" />
      <Text>{text}</Text>
    </Group>
  );
}

function RetryButton({ onRetry }: { onRetry: () => void }) {
  return (
    <Button size="compact-sm" variant="default" onClick={onRetry} data-testid="retry">
      {strings.page.retry}
    </Button>
  );
}
