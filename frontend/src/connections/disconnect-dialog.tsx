import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Connection, Integration } from '../api/types.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import type { Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { strings } from '../strings.ts';
import { accountName } from './account-name.ts';
import { connectionsKey } from './connections-key.ts';

interface DisconnectDialogProps {
  opened: boolean;
  owner: Owner;
  connection: Connection;
  integration: Integration;
  onClose: () => void;
  onDisconnected: (outcome: string) => void;
}

/** Asks before a grant is given up, and says whether the provider agreed. */
export function DisconnectDialog({ opened, integration, connection, owner, ...props }: DisconnectDialogProps) {
  const account = accountName(connection);
  const disconnect = useDisconnect(owner, connection, (revoked) => {
    const words = revoked ? strings.disconnect.revoked : strings.disconnect.notRevoked;
    props.onDisconnected(words(account, integration.display_name));
  });
  const close = (): void => {
    if (disconnect.isPending) return;
    disconnect.reset();
    props.onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={strings.disconnect.title(account)} withCloseButton={false} centered>
      <Stack gap="md" data-testid="disconnect-dialog">
        <Text size="sm">{strings.disconnect.consequence(integration.display_name)}</Text>
        {disconnect.error && (
          <ErrorNotice title={strings.disconnect.failed} error={disconnect.error} testId="disconnect-error" />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus data-testid="disconnect-keep">
            {strings.disconnect.keep}
          </Button>
          <Button
            color="red"
            loading={disconnect.isPending}
            onClick={() => disconnect.mutate()}
            data-testid="disconnect-confirm"
          >
            {strings.disconnect.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function useDisconnect(owner: Owner, connection: Connection, done: (revoked: boolean) => void) {
  const { api, attempts, loads, queries } = useServices();
  return useMutation({
    mutationFn: () => api.disconnect(owner, connection),
    onSuccess: async ({ revoked }) => {
      loads.close(connection.connection_id);
      attempts.acknowledge(connection.connection_id);
      const without = (known: Connection[] | undefined): Connection[] | undefined =>
        known?.filter((each) => each.connection_id !== connection.connection_id);
      queries.setQueryData(connectionsKey(owner), without);
      done(revoked);
      await queries.invalidateQueries({ queryKey: connectionsKey(owner) });
    },
  });
}
