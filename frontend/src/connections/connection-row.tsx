import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Connection, Integration } from '../api/types.ts';
import { CodeList } from '../integrations/integration-details.tsx';
import type { Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { PAGES } from '../shell/pages.ts';
import { strings } from '../strings.ts';
import { MomentText } from '../time/moment-text.tsx';
import { accountName } from './account-name.ts';
import { DisconnectDialog } from './disconnect-dialog.tsx';

interface ConnectionRowProps {
  integration: Integration;
  owner: Owner;
  connection: Connection;
  onDisconnected: (outcome: string) => void;
}

export function ConnectionRow({ integration, owner, connection, onDisconnected }: ConnectionRowProps) {
  const [asking, setAsking] = useState(false);
  return (
    <Paper
      withBorder
      p="sm"
      className="connection"
      role="listitem"
      data-testid="connection"
      data-connection-id={connection.connection_id}
      data-status={connection.status}
    >
      <Stack gap="xs">
        <ConnectionFacts connection={connection} integration={integration} />
        <ConnectionButtons connection={connection} owner={owner} onDisconnect={() => setAsking(true)} />
      </Stack>
      {asking && (
        <DisconnectDialog
          owner={owner}
          connection={connection}
          integration={integration}
          onClose={() => setAsking(false)}
          onDisconnected={onDisconnected}
        />
      )}
    </Paper>
  );
}

function ConnectionFacts({ connection, integration }: { connection: Connection; integration: Integration }) {
  const active = connection.status === 'active';
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text fw={600} className="breakable" data-testid="account">
          {accountName(connection)}
        </Text>
        <Badge color={active ? 'green' : 'red'} variant="light" data-testid="connection-status">
          {strings.connections.status[connection.status]}
        </Badge>
      </Group>
      {!active && <Text size="sm">{strings.connections.reauthorize(integration.display_name)}</Text>}
      <Text size="sm" c="dimmed">
        {strings.connections.since} <MomentText time={connection.created_at} />
        {connection.last_used_at !== null && (
          <>
            {' · '}
            {strings.connections.lastUsed} <MomentText time={connection.last_used_at} />
          </>
        )}
      </Text>
      {connection.scopes.length > 0 && (
        <details className="disclosure small">
          <summary>{strings.connections.scopesCount(connection.scopes.length)}</summary>
          <CodeList title={strings.connections.scopes} codes={connection.scopes} />
        </details>
      )}
    </>
  );
}

interface ConnectionButtonsProps {
  connection: Connection;
  owner: Owner;
  onDisconnect: () => void;
}

function ConnectionButtons({ connection, owner, onDisconnect }: ConnectionButtonsProps) {
  const { attempts, loads, place } = useServices();
  const [, goTo] = useLocation();
  const { integration } = connection;
  const active = connection.status === 'active';
  const account = accountName(connection);
  const load = (): void => {
    attempts.acknowledge(connection.connection_id);
    void loads.start(owner, connection);
    goTo(PAGES.explore);
  };
  return (
    <Group gap="xs">
      {active && !place.focused && (
        <Button
          size="xs"
          onClick={load}
          aria-label={strings.connections.loadLabel(account)}
          data-testid={`load-${integration}`}
        >
          {strings.connections.load}
        </Button>
      )}
      <Button
        size="xs"
        variant={active ? 'default' : 'filled'}
        onClick={() => void attempts.begin(owner, integration, connection.connection_id)}
        aria-label={strings.connections.reconnectLabel(account)}
        data-testid={`reconnect-${integration}`}
      >
        {strings.connections.reconnect}
      </Button>
      <Button
        size="xs"
        variant="subtle"
        color="red"
        onClick={onDisconnect}
        aria-label={strings.connections.disconnectLabel(account)}
        data-testid={`disconnect-${integration}`}
      >
        {strings.connections.disconnect}
      </Button>
    </Group>
  );
}
