import { Stack, Text } from '@mantine/core';
import type { Connection, Integration } from '../api/types.ts';
import type { Owner } from '../owner/owner.ts';
import { strings } from '../strings.ts';
import { ConnectionRow } from './connection-row.tsx';

interface ConnectionListProps {
  integration: Integration;
  owner: Owner;
  connections: Connection[] | undefined;
  /** Told in words what became of the grant. */
  onDisconnected: (outcome: string) => void;
}

/** The accounts an owner has connected at one provider. */
export function ConnectionList({ integration, owner, connections, onDisconnected }: ConnectionListProps) {
  if (connections === undefined) return null;
  if (connections.length === 0) {
    return (
      <Text size="sm" data-testid="not-connected">
        {strings.connections.none}
      </Text>
    );
  }
  return (
    <Stack gap="sm" role="list" aria-label={strings.connections.list(integration.display_name)}>
      {connections.map((connection) => (
        <ConnectionRow
          key={connection.connection_id}
          integration={integration}
          owner={owner}
          connection={connection}
          onDisconnected={onDisconnected}
        />
      ))}
    </Stack>
  );
}
