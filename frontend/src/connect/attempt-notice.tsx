import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Integration } from '../api/types.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import { useServices } from '../services.ts';
import { strings } from '../strings.ts';
import type { ConnectAttempt, WaitingPhase } from './connect-attempts.ts';

interface AttemptNoticeProps {
  attempt: ConnectAttempt;
  integration: Integration;
}

/** Where one attempt to connect stands, and what to do next. */
export function AttemptNotice({ attempt, integration }: AttemptNoticeProps) {
  const { attempts } = useServices();
  const { phase } = attempt;
  if (phase.name === 'waiting') return <WaitingNotice attempt={attempt} phase={phase} integration={integration} />;
  const again = <AgainButton attempt={attempt} />;
  if (phase.name === 'error') {
    return (
      <ErrorNotice title={strings.connect.error} error={phase.failure} testId="connect-error">
        {again}
      </ErrorNotice>
    );
  }
  if (phase.name === 'preparing') return <Notice phase="preparing" color="blue" title={strings.connect.preparing} />;
  const hint = endHint(attempt, integration.display_name);
  return (
    <Notice
      phase={phase.name}
      color={END_COLORS[phase.name]}
      title={strings.connect[phase.name]}
      onDismiss={() => attempts.dismiss(attempt.id)}
    >
      <Text size="sm">{hint}</Text>
      {phase.name !== 'connected' && again}
    </Notice>
  );
}

const END_COLORS = { connected: 'green', denied: 'yellow', failed: 'red', expired: 'yellow', cancelled: 'gray' };

function endHint({ phase }: ConnectAttempt, displayName: string): string {
  switch (phase.name) {
    case 'denied':
      return strings.connect.deniedHint(displayName);
    case 'failed':
      return strings.connect.failedHint(displayName, phase.error);
    case 'expired':
      return strings.connect.expiredHint;
    case 'cancelled':
      return strings.connect.cancelledHint;
    default:
      return strings.connect.connectedHint;
  }
}

function AgainButton({ attempt }: { attempt: ConnectAttempt }) {
  const { attempts } = useServices();
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => void attempts.begin(attempt.owner, attempt.integration)}
      data-testid="connect-again"
    >
      {strings.page.retry}
    </Button>
  );
}

function WaitingNotice({ attempt, phase, integration }: AttemptNoticeProps & { phase: WaitingPhase }) {
  const { attempts } = useServices();
  const { display_name: displayName } = integration;
  const words = phase.popupBlocked ? strings.connect.blockedHint : strings.connect.waitingHint;
  return (
    <Notice
      phase={phase.popupBlocked ? 'blocked' : 'waiting'}
      color={phase.popupBlocked ? 'yellow' : 'blue'}
      title={phase.popupBlocked ? strings.connect.blocked : strings.connect.waiting}
    >
      <Text size="sm">{words(displayName)}</Text>
      {!phase.reachable && <Text size="sm">{strings.connect.unreachable}</Text>}
      <Group gap="xs">
        {phase.popupBlocked ? (
          <Button component="a" href={phase.authorizationUrl} size="compact-sm" data-testid="connect-same-tab">
            {strings.connect.sameTab(displayName)}
          </Button>
        ) : (
          <Button size="compact-sm" onClick={() => attempts.reopen(attempt.id)} data-testid="connect-open-again">
            {strings.connect.openAgain}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => attempts.cancel(attempt.id)}
          data-testid="connect-cancel"
        >
          {strings.connect.cancel}
        </Button>
      </Group>
    </Notice>
  );
}

interface NoticeProps {
  phase: string;
  color: string;
  title: string;
  onDismiss?: () => void;
  children?: ReactNode;
}

function Notice({ phase, color, title, onDismiss, children }: NoticeProps) {
  return (
    <Alert
      // The list around it is the live region.
      role="group"
      color={color}
      variant="light"
      title={title}
      withCloseButton={onDismiss !== undefined}
      closeButtonLabel={strings.page.dismiss}
      onClose={() => onDismiss?.()}
      data-testid="connect-notice"
      data-phase={phase}
    >
      {children !== undefined && (
        <Stack gap="xs" align="flex-start">
          {children}
        </Stack>
      )}
    </Alert>
  );
}
