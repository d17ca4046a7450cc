import { Alert, Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useId, useRef, useState, type Ref } from 'react';
import type { Connection, Integration } from '../api/types.ts';
import { AttemptNotice } from '../connect/attempt-notice.tsx';
import { isOpen } from '../connect/connect-attempts.ts';
import { ConnectionList } from '../connections/connection-list.tsx';
import { sameOwner, type Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { IntegrationDetails } from './integration-details.tsx';
import { IntegrationMark } from './integration-mark.tsx';

interface IntegrationCardProps {
  integration: Integration;
  owner: Owner;
  /** Undefined while they aren't known. */
  connections: Connection[] | undefined;
}

export function IntegrationCard({ integration, owner, connections }: IntegrationCardProps) {
  const headingId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const connectButton = useRef<HTMLButtonElement>(null);
  const [farewell, setFarewell] = useState<string | null>(null);
  const said = (outcome: string): void => {
    setFarewell(outcome);
    // The button that had the focus is gone with its connection.
    heading.current?.focus();
  };
  const { integration: name, display_name: displayName } = integration;
  return (
    <Card
      component="article"
      withBorder
      padding="lg"
      radius="md"
      className="card"
      aria-labelledby={headingId}
      data-testid={`card-${name}`}
    >
      <Stack gap="md" h="100%">
        <Stack gap="xs">
          <Group gap="sm" wrap="nowrap">
            <IntegrationMark integration={name} displayName={displayName} />
            <Group gap="xs" justify="space-between" flex={1}>
              <Title order={3} size="h4" id={headingId} ref={heading} tabIndex={-1}>
                {displayName}
              </Title>
              <StatusBadges integration={integration} />
            </Group>
          </Group>
          <Text size="sm" c="dimmed">
            {strings.integrations.reads(integration.item_types)}
          </Text>
        </Stack>
        <StatusHint integration={integration} />
        <ConnectionList integration={integration} owner={owner} connections={connections} onDisconnected={said} />
        <Outcomes
          {...{ integration, owner, connections, farewell }}
          onDismiss={() => setFarewell(null)}
          onLeave={() => connectButton.current?.focus()}
        />
        <Stack gap="sm" mt="auto">
          <ConnectButton
            {...{ integration, owner }}
            connected={(connections ?? []).length > 0}
            button={connectButton}
          />
          <IntegrationDetails integration={integration} />
        </Stack>
      </Stack>
    </Card>
  );
}

const STATUS_COLORS = { available: 'green', degraded: 'yellow', unavailable: 'red', not_configured: 'gray' };

function StatusBadges({ integration: { status, sandbox } }: { integration: Integration }) {
  return (
    <Group gap={6}>
      <Badge color={STATUS_COLORS[status]} variant="light" data-testid="status" data-status={status}>
        {strings.integrations.status[status]}
      </Badge>
      {sandbox && (
        <Badge color="grape" variant="light" data-testid="sandbox">
          {strings.integrations.sandbox}
        </Badge>
      )}
    </Group>
  );
}

function StatusHint({ integration: { status } }: { integration: Integration }) {
  const hint = strings.integrations.statusHint[status];
  return hint === '' ? null : (
    <Text size="sm" className="status-hint">
      {hint}
    </Text>
  );
}

interface ConnectButtonProps {
  integration: Integration;
  owner: Owner;
  connected: boolean;
  button: Ref<HTMLButtonElement>;
}

function ConnectButton({ integration, owner, connected, button }: ConnectButtonProps) {
  const { attempts } = useServices();
  const { integration: name, display_name: displayName } = integration;
  const label = connected ? strings.connect.anotherLabel(displayName) : strings.connect.label(displayName);
  return (
    <Button
      ref={button}
      variant={connected ? 'default' : 'filled'}
      disabled={integration.status === 'not_configured'}
      onClick={() => void attempts.begin(owner, name)}
      aria-label={label}
      data-testid={`connect-${name}`}
    >
      {connected ? strings.connect.another : strings.connect.button}
    </Button>
  );
}

interface OutcomesProps extends IntegrationCardProps {
  farewell: string | null;
  onDismiss: () => void;
  /** The notice that had the focus is about to go. */
  onLeave: () => void;
}

/** The card's live region: what became of connecting and disconnecting. */
function Outcomes({ integration, owner, connections, farewell, onDismiss, onLeave }: OutcomesProps) {
  const { attempts } = useServices();
  const all = useObservable(attempts.attempts);
  const own = all.filter((each) => each.integration === integration.integration && sameOwner(each.owner, owner));
  const dismiss = (): void => {
    onLeave();
    onDismiss();
  };
  return (
    <Stack gap="sm" role="status" className="outcomes" data-testid="outcomes" data-pending={own.filter(isOpen).length}>
      {own.map((attempt) => (
        <AttemptNotice key={attempt.id} {...{ attempt, integration, onLeave }} connections={connections ?? []} />
      ))}
      {farewell !== null && (
        <Alert
          role="group"
          color="gray"
          withCloseButton
          closeButtonLabel={strings.page.dismiss}
          onClose={dismiss}
          data-testid="disconnected"
        >
          {farewell}
        </Alert>
      )}
    </Stack>
  );
}
