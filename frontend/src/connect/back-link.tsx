import { Anchor, Button, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useConnections } from '../connections/use-connections.ts';
import type { Owner } from '../owner/owner.ts';
import { sameOwner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import type { Returned } from './returned.ts';
import { wayBack } from './way-back.ts';

interface BackLinkProps {
  owner: Owner;
  returnUrl: string;
  returned: Returned | null;
}

/** To where the person came from. Who was at the provider in this very tab is on the way there, and taken along. */
export function BackLink({ owner, returnUrl, returned }: BackLinkProps) {
  const { attempts, place } = useServices();
  const { data: connections } = useConnections(owner);
  const latest = useObservable(attempts.attempts)
    .filter((attempt) => sameOwner(attempt.owner, owner))
    .map(({ phase }) => (phase.name === 'connected' ? phase.connectionId : null))
    .findLast((id) => id !== null);
  // Anybody can write an address that says "connected": the service has to know the connection.
  const known = (id: string | null | undefined) => connections?.find((each) => each.connection_id === id) ?? null;
  const arrived = returned?.status === 'connected' ? known(returned.connectionId) : null;
  const connected = known(latest) ?? arrived;
  const address = wayBack(returnUrl, connected);
  const leaves = arrived !== null && latest === undefined && place.framing === 'top';
  useEffect(() => {
    if (leaves) window.location.assign(address);
  }, [leaves, address]);
  const { host } = new URL(returnUrl);
  const target = place.framing === 'top' ? undefined : '_top';
  if (!connected) {
    return (
      <Anchor href={address} target={target} underline="always" size="sm" data-testid="way-back">
        {strings.focused.back(host)}
      </Anchor>
    );
  }
  return (
    <Stack gap="xs" align="stretch" role="status">
      <Text size="sm">{leaves ? strings.focused.leaving(host) : strings.focused.done}</Text>
      <Button component="a" href={address} target={target} size="md" data-testid="way-back">
        {strings.focused.back(host)}
      </Button>
    </Stack>
  );
}
