import { Alert, Anchor, Button, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import { Link } from 'wouter';
import type { Connection, Integration } from '../api/types.ts';
import { accountName } from '../connections/account-name.ts';
import { useConnections } from '../connections/use-connections.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import { IntegrationMark } from '../integrations/integration-mark.tsx';
import { useIntegrations } from '../integrations/use-integrations.ts';
import type { Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { PAGES } from '../shell/pages.ts';
import { strings } from '../strings.ts';
import { TypeChoice } from './type-choice.tsx';

interface LoadChooserProps {
  owner: Owner;
  /** Connections that are loaded already. */
  loaded: ReadonlySet<string>;
}

/** From which account to load, and what. */
export function LoadChooser({ owner, loaded }: LoadChooserProps) {
  const headingId = useId();
  const connections = useConnections(owner);
  const integrations = useIntegrations(owner);
  const error = connections.error ?? integrations.error;
  const others = connections.data?.filter((connection) => !loaded.has(connection.connection_id));
  const readAnew = (): void => {
    void connections.refetch();
    void integrations.refetch();
  };
  if (others?.length === 0 && loaded.size > 0) return null;
  return (
    <Stack component="section" gap="md" aria-labelledby={headingId} data-testid="load-chooser">
      <Title order={2} size="h3" id={headingId}>
        {loaded.size > 0 ? strings.load.chooserMore : strings.load.chooser}
      </Title>
      {error && (
        <ErrorNotice title={strings.connections.failed} error={error} testId="chooser-error">
          <Button size="compact-sm" variant="default" onClick={readAnew} data-testid="retry">
            {strings.page.retry}
          </Button>
        </ErrorNotice>
      )}
      {!error && (!others || !integrations.data) && <Waiting />}
      {others?.length === 0 && <NothingConnected />}
      {others && others.length > 0 && <Text size="sm">{strings.load.chooserHint}</Text>}
      {others?.map((connection) => {
        const integration = integrations.data?.find((each) => each.integration === connection.integration);
        if (!integration) return null;
        return <Choice key={connection.connection_id} {...{ owner, connection, integration }} />;
      })}
    </Stack>
  );
}

interface ChoiceProps {
  owner: Owner;
  connection: Connection;
  integration: Integration;
}

function Choice({ owner, connection, integration }: ChoiceProps) {
  const { loads } = useServices();
  const account = accountName(connection);
  return (
    <Paper withBorder p="md" data-testid="choice" data-connection-id={connection.connection_id}>
      <Stack gap="sm">
        <Group gap="sm">
          <IntegrationMark integration={connection.integration} displayName={integration.display_name} />
          <Title order={3} size="h5" className="breakable">
            {account} ({integration.display_name})
          </Title>
        </Group>
        {connection.status === 'active' ? (
          <TypeChoice
            account={account}
            itemTypes={integration.item_types}
            chosenAtFirst={integration.default_item_types}
            button={strings.load.load}
            testId={`load-${connection.integration}`}
            onLoad={(itemTypes) => void loads.start(owner, connection, itemTypes)}
          />
        ) : (
          <Text size="sm">
            {strings.load.needsReconnect(account)}{' '}
            <Anchor component={Link} href={PAGES.connect} underline="always" size="sm">
              {strings.load.toConnect}
            </Anchor>
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function NothingConnected() {
  return (
    <Alert color="gray" title={strings.load.nothingConnected} data-testid="nothing-connected">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{strings.load.nothingConnectedHint}</Text>
        <Anchor component={Link} href={PAGES.connect} underline="always" size="sm">
          {strings.load.toConnect}
        </Anchor>
      </Stack>
    </Alert>
  );
}

function Waiting() {
  return (
    <Group gap="sm" role="status">
      <Loader size="sm" aria-hidden="true" />
      <Text>{strings.connections.loading}</Text>
    </Group>
  );
}
