import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Connection, Integration } from '../api/types.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import { accountName } from '../connections/account-name.ts';
import { useServices } from '../services.ts';
import { strings } from '../strings.ts';
import type { ConnectAttempt, WaitingPhase } from './connect-attempts.ts';

interface AttemptNoticeProps {
  attempt: ConnectAttempt;
  integration: Integration;
  connections: Connection[];
  /** The button that has the focus is about to go. */
  onLeave: () => void;
}

/** Where one attempt to connect stands, and what to do next. */
export function AttemptNotice(props: AttemptNoticeProps) {
  const { attempt, integration, onLeave } = props;
  const { attempts } = useServices();
  const { phase } = attempt;
  if (phase.name === 'waiting') return <WaitingNotice {...props} phase={phase} />;
  const again = <AgainButton attempt={attempt} onLeave={onLeave} />;
  if (phase.name === 'error') {
    return (
      <ErrorNotice title={strings.connect.error} error={phase.failure} testId="connect-error">
        {again}
      </ErrorNotice>
    );
  }
  if (phase.name === 'preparing') return <Notice phase="preparing" color="blue" title={strings.connect.preparing} />;
  const dismiss = (): void => {
    onLeave();
    attempts.dismiss(attempt.id);
  };
  const news = phase.name === 'connected' ? connectedNews(props, phase.connectionId) : null;
  return (
    <Notice
      phase={phase.name}
      color={END_COLORS[phase.name]}
      title={news?.title ?? strings.connect[phase.name]}
      onDismiss={dismiss}
    >
      <Text size="sm" className="breakable">
        {news?.hint ?? endHint(attempt, integration.display_name)}
      </Text>
      {phase.name !== 'connected' && again}
    </Notice>
  );
}

const END_COLORS = { connected: 'green', denied: 'yellow', failed: 'red', expired: 'yellow', cancelled: 'gray' };

/** Whether the account is a new one, is the one that was to be made well again, or was there already. */
function connectedNews(
  { attempt, connections }: AttemptNoticeProps,
  connectionId: string | null,
): { title: string; hint: string } {
  const connection = connections.find((each) => each.connection_id === connectionId);
  const account = connection ? accountName(connection) : strings.connect.thisAccount;
  const { before, renewing } = attempt;
  const words = strings.connect.news;
  if (renewing !== null && renewing === connectionId) return words.renewed(account);
  if (connectionId !== null && before.includes(connectionId)) return words.already(account);
  return renewing === null ? words.added(account) : words.another(account);
}

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
      return '';
  }
}

function AgainButton({ attempt, onLeave }: Pick<AttemptNoticeProps, 'attempt' | 'onLeave'>) {
  const { attempts } = useServices();
  const begin = (): void => {
    void attempts.begin(attempt.owner, attempt.integration, attempt.renewing);
    onLeave();
  };
  return (
    <Button size="compact-sm" variant="default" onClick={begin} data-testid="connect-again">
      {strings.page.retry}
    </Button>
  );
}

function WaitingNotice({ attempt, phase, integration, onLeave }: AttemptNoticeProps & { phase: WaitingPhase }) {
  const { attempts, place } = useServices();
  const cancel = (): void => {
    onLeave();
    attempts.cancel(attempt.id);
  };
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
          <Button
            component="a"
            href={phase.authorizationUrl}
            // Providers don't let themselves be framed.
            target={place.framing === 'top' ? undefined : '_top'}
            size="compact-sm"
            data-testid="connect-same-tab"
          >
            {strings.connect.sameTab(displayName)}
          </Button>
        ) : (
          <Button size="compact-sm" onClick={() => attempts.reopen(attempt.id)} data-testid="connect-open-again">
            {strings.connect.openAgain}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={cancel} data-testid="connect-cancel">
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
