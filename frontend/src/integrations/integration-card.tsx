import { Alert, Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useId, useRef, useState } from 'react';
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
  const [farewell, setFarewell] = useState<string | null>(null);
  const said = (outcome: string): void => {
    setFarewell(outcome);
    // The button that had the focus is gone with its connection.
    heading.current?.focus();
  };
  const name = integration.integration;
  return (
    <Card component="article" withBorder padding="md" aria-labelledby={headingId} data-testid={`card-${name}`}>
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Group gap="sm">
            <IntegrationMark integration={name} displayName={integration.display_name} />
            <Title order={3} size="h4" id={headingId} ref={heading} tabIndex={-1}>
              {integration.display_name}
            </Title>
          </Group>
          <StatusBadges integration={integration} />
        </Group>
        <StatusHint integration={integration} />
        <ConnectionList integration={integration} owner={owner} connections={connections} onDisconnected={said} />
        <ConnectButton integration={integration} owner={owner} connected={(connections ?? []).length > 0} />
        <Outcomes integration={integration} owner={owner} farewell={farewell} onDismiss={() => setFarewell(null)} />
        <IntegrationDetails integration={integration} />
      </Stack>
    </Card>
  );
}

const STATUS_COLORS = { available: 'green', degraded: 'yellow', unavailable: 'red', not_configured: 'gray' };

function StatusBadges({ integration: { status, sandbox } }: { integration: Integration }) {
  return (
    <Group gap="xs">
      {sandbox && (
        <Badge color="grape" variant="light" data-testid="sandbox">
          {strings.integrations.sandbox}
        </Badge>
      )}
      <Badge color={STATUS_COLORS[status]} variant="light" data-testid="status" data-status={status}>
        {strings.integrations.status[status]}
      </Badge>
    </Group>
  );
}

function StatusHint({ integration: { status, sandbox } }: { integration: Integration }) {
  const hints = [strings.integrations.statusHint[status], sandbox ? strings.integrations.sandboxHint : ''];
  return hints.filter(Boolean).map((hint) => (
    <Text key={hint} size="sm" c="dimmed">
      {hint}
    </Text>
  ));
}

function ConnectButton({
  integration,
  owner,
  connected,
}: {
  integration: Integration;
  owner: Owner;
  connected: boolean;
}) {
  const { attempts } = useServices();
  const { integration: name, display_name: displayName } = integration;
  const label = connected ? strings.connect.anotherLabel(displayName) : strings.connect.label(displayName);
  return (
    <Button
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

interface OutcomesProps {
  integration: Integration;
  owner: Owner;
  farewell: string | null;
  onDismiss: () => void;
}

/** The card's live region: what became of connecting and disconnecting. */
function Outcomes({ integration, owner, farewell, onDismiss }: OutcomesProps) {
  const { attempts } = useServices();
  const all = useObservable(attempts.attempts);
  const own = all.filter((each) => each.integration === integration.integration && sameOwner(each.owner, owner));
  return (
    <Stack gap="sm" role="status" className="outcomes" data-testid="outcomes" data-pending={own.filter(isOpen).length}>
      {own.map((attempt) => (
        <AttemptNotice key={attempt.id} attempt={attempt} integration={integration} />
      ))}
      {farewell !== null && (
        <Alert
          role="group"
          color="gray"
          withCloseButton
          closeButtonLabel={strings.page.dismiss}
          onClose={onDismiss}
          data-testid="disconnected"
        >
          {farewell}
        </Alert>
      )}
    </Stack>
  );
}
