import { Alert, Button, Code, List, Stack, Text } from '@mantine/core';
import type { Integration } from '../api/types.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import { useServices } from '../services.ts';
import { strings } from '../strings.ts';
import { writeMoment } from '../time/moment.ts';
import { secondsUntil } from './elapsed.ts';
import { isRunning, type EarlierLoad, type ItemLoad } from './item-load.ts';
import { useNow } from './use-now.ts';

interface LoadNoticesProps {
  load: ItemLoad;
  integration: Integration | undefined;
  displayName: string;
}

/** What a person has to know about a load: why it waits, what is missing or old, and what can be done. */
export function LoadNotices({ load, integration, displayName }: LoadNoticesProps) {
  const isAway =
    (load.trouble !== null && load.trouble.code !== 'provider_rate_limited') ||
    load.earlier !== null ||
    integration?.status === 'unavailable';
  return (
    <>
      <Waits load={load} isAway={isAway} displayName={displayName} />
      {load.earlier !== null && <EarlierNotice load={load} earlier={load.earlier} displayName={displayName} />}
      {load.failures.length > 0 && load.phase.name !== 'failed' && <MissingNotice load={load} />}
      {load.phase.name === 'failed' && <LoadFailure load={load} error={load.phase.failure} />}
    </>
  );
}

interface WaitsProps {
  load: ItemLoad;
  isAway: boolean;
  displayName: string;
}

function Waits({ load, isAway, displayName }: WaitsProps) {
  const nowMs = useNow(isRunning(load));
  const { phase } = load;
  if (phase.name === 'waiting') {
    const { code, requestId } = phase.failure;
    return (
      <Alert color="yellow" data-testid="items-waiting" data-why={phase.why}>
        <Text size="sm">{strings.load.waiting[phase.why](secondsUntil(phase.untilMs, nowMs))}</Text>
        <Text size="xs" className="breakable">
          {strings.failures.code}: <Code>{code}</Code>{' '}
          {requestId !== undefined && (
            <>
              {strings.failures.requestId}: <Code>{requestId}</Code>
            </>
          )}
        </Text>
      </Alert>
    );
  }
  const waiting = load.types.filter(({ waitingUntilMs }) => waitingUntilMs !== null);
  if (phase.name !== 'loading' || waiting.length === 0) return null;
  const seconds = Math.max(...waiting.map(({ waitingUntilMs }) => secondsUntil(waitingUntilMs ?? 0, nowMs)));
  const types = waiting.map(({ itemType }) => itemType).join(', ');
  const say = isAway ? strings.load.providerAway : strings.load.providerLimit;
  return (
    <Alert color="yellow" data-testid="items-waiting" data-why={isAway ? 'outage' : 'provider'}>
      <Text size="sm">{say(displayName, seconds, types)}</Text>
    </Alert>
  );
}

interface EarlierNoticeProps {
  load: ItemLoad;
  earlier: EarlierLoad;
  displayName: string;
}

function EarlierNotice({ load, earlier, displayName }: EarlierNoticeProps) {
  const { loads } = useServices();
  const { owner, connection, itemTypes } = load;
  const { failure } = earlier;
  return (
    <Alert color="yellow" role="status" title={strings.load.staleHeading} data-testid="items-stale">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{strings.load.stale(displayName, writeMoment(earlier.asOf))}</Text>
        {failure && <Text size="sm">{strings.load.staleReason(failure.message, failure.code)}</Text>}
        {isRunning(load) && <Text size="sm">{strings.load.staleMeanwhile}</Text>}
        {!isRunning(load) && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void loads.start(owner, connection, itemTypes)}
            data-testid="items-try-again"
          >
            {strings.page.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function MissingNotice({ load }: { load: ItemLoad }) {
  const { loads } = useServices();
  const { failures, requestId, connection, phase, earlier } = load;
  return (
    <Alert color="yellow" role="status" title={strings.load.failuresHeading} data-testid="items-failures">
      <Stack gap="xs" align="flex-start">
        <List size="sm">
          {failures.map((failure) => (
            <List.Item key={`${failure.item_type} ${failure.error} ${failure.message}`}>
              {failure.item_type}: {failure.message} ({failure.error})
            </List.Item>
          ))}
        </List>
        {requestId !== undefined && (
          <Text size="xs" className="breakable">
            {strings.failures.requestId}: <Code>{requestId}</Code>
          </Text>
        )}
        {failures.some(({ error }) => error === 'reauthorization_required') && <ReconnectButton load={load} />}
        {phase.name === 'done' && earlier === null && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void loads.resume(connection.connection_id)}
            data-testid="items-retry-missing"
          >
            {strings.load.retryMissing}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function LoadFailure({ load, error }: { load: ItemLoad; error: Error & { code: string } }) {
  const { loads } = useServices();
  return (
    <ErrorNotice title={strings.load.failed(load.count)} error={error} testId="items-error">
      {error.code === 'reauthorization_required' && <ReconnectButton load={load} />}
      {error.code !== 'cursor_invalid' && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void loads.resume(load.connection.connection_id)}
          data-testid="items-retry"
        >
          {strings.load.retry}
        </Button>
      )}
    </ErrorNotice>
  );
}

function ReconnectButton({ load: { owner, connection } }: { load: ItemLoad }) {
  const { attempts } = useServices();
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => void attempts.begin(owner, connection.integration)}
      data-testid="items-reconnect"
    >
      {strings.connections.reconnect}
    </Button>
  );
}
