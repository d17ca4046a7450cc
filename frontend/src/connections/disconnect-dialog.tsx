import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useId, useRef, type MouseEvent, type SyntheticEvent } from 'react';
import type { Connection, Integration } from '../api/types.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import type { Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { strings } from '../strings.ts';
import { accountName } from './account-name.ts';
import { connectionsKey } from './connections-key.ts';

interface DisconnectDialogProps {
  owner: Owner;
  connection: Connection;
  integration: Integration;
  onClose: () => void;
  onDisconnected: (outcome: string) => void;
}

/**
 * Asks before a grant is given up, and says whether the provider agreed. It is the browser's own dialog, which keeps the focus
 * and gives it back: the component library's is a seventh of all the code that the first page would load.
 */
export function DisconnectDialog({ integration, connection, owner, ...props }: DisconnectDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const headingId = useId();
  useShown(dialog);
  const account = accountName(connection);
  const disconnect = useDisconnect(owner, connection, (revoked) => {
    // It gives the focus back, before the focus goes to what is said.
    dialog.current?.close();
    const words = revoked ? strings.disconnect.revoked : strings.disconnect.notRevoked;
    props.onDisconnected(words(account, integration.display_name));
  });
  const close = (): void => {
    if (!disconnect.isPending) dialog.current?.close();
  };
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={headingId}
      onCancel={(event: SyntheticEvent) => {
        if (disconnect.isPending) event.preventDefault();
      }}
      onClose={() => {
        if (dialog.current?.open !== true) props.onClose();
      }}
      onClick={(event: MouseEvent) => {
        // What is in it has a box of its own: the dialog itself is hit beside it alone.
        if (event.target === dialog.current) close();
      }}
    >
      <Stack gap="md" p="lg" data-testid="disconnect-dialog">
        <Title order={2} size="h5" id={headingId} className="breakable">
          {strings.disconnect.title(account)}
        </Title>
        <Text size="sm">{strings.disconnect.consequence(integration.display_name)}</Text>
        {disconnect.error && (
          <ErrorNotice title={strings.disconnect.failed} error={disconnect.error} testId="disconnect-error" />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-testid="disconnect-keep">
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
    </dialog>
  );
}

function useShown(dialog: { readonly current: HTMLDialogElement | null }): void {
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, [dialog]);
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
      done(revoked);
      queries.setQueryData(connectionsKey(owner), without);
      await queries.invalidateQueries({ queryKey: connectionsKey(owner) });
    },
  });
}
