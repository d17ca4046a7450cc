import { Alert, Button, Group, List, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import { accountName } from '../connections/account-name.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import { useServices } from '../services.ts';
import { strings } from '../strings.ts';
import { writeMoment } from '../time/moment.ts';
import { isRunning, type ItemLoad } from './item-loads.ts';
import { ItemsTable } from './items-table.tsx';

interface ItemsPanelProps {
  load: ItemLoad;
  displayName: string;
}

export function ItemsPanel({ load, displayName }: ItemsPanelProps) {
  const headingId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  // It appears because a button far above was pressed: bring the person here.
  useEffect(() => heading.current?.focus(), []);
  const account = accountName(load.connection);
  return (
    <Paper
      component="section"
      withBorder
      p="md"
      aria-labelledby={headingId}
      data-testid="items-panel"
      data-integration={load.connection.integration}
      data-connection-id={load.connection.connection_id}
      data-phase={load.phase.name}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Title order={3} size="h4" id={headingId} ref={heading} tabIndex={-1} className="breakable">
            {strings.load.heading(account, displayName)}
          </Title>
          <LoadButtons load={load} />
        </Group>
        <LoadCount load={load} />
        <LoadWarnings load={load} />
        <ItemsTable items={load.items} count={load.count} account={account} />
      </Stack>
    </Paper>
  );
}

function LoadButtons({ load }: { load: ItemLoad }) {
  const { loads } = useServices();
  const { connection_id: id } = load.connection;
  return (
    <Group gap="xs">
      {isRunning(load) && (
        <Button size="compact-sm" variant="default" onClick={() => loads.stop(id)} data-testid="items-stop">
          {strings.load.stop}
        </Button>
      )}
      {load.phase.name === 'stopped' && (
        <Button size="compact-sm" onClick={() => void loads.resume(id)} data-testid="items-resume">
          {strings.load.resume}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => loads.close(id)} data-testid="items-close">
        {strings.load.close}
      </Button>
    </Group>
  );
}

/** The live count for the eye; the beginning and the end for the ear, which every page would only annoy. */
function LoadCount({ load }: { load: ItemLoad }) {
  const { phase, count } = load;
  return (
    <>
      <Text size="sm">
        <Text span fw={600} data-testid="items-count" data-count={count}>
          {strings.load.count(count)}
        </Text>{' '}
        {phase.name === 'loading' && strings.load.loading}
        {phase.name === 'waiting' && strings.load.waiting(phase.seconds)}
      </Text>
      {!isRunning(load) && phase.name !== 'failed' && <Text size="sm">{outcome(load)}</Text>}
      <VisuallyHidden role="status" data-testid="items-status">
        {isRunning(load) ? strings.load.started : outcome(load)}
      </VisuallyHidden>
    </>
  );
}

function outcome({ phase, count, complete, failures }: ItemLoad): string {
  if (phase.name === 'stopped') return strings.load.stopped(count);
  if (phase.name !== 'done') return '';
  if (!complete || failures.length > 0) return strings.load.incomplete(count);
  return count === 0 ? strings.load.doneEmpty : strings.load.done(count);
}

function LoadWarnings({ load }: { load: ItemLoad }) {
  return (
    <>
      {load.stale && (
        <Alert color="yellow" role="status" title={strings.load.staleHeading} data-testid="items-stale">
          {strings.load.stale(load.staleAsOf === null ? null : writeMoment(load.staleAsOf))}
        </Alert>
      )}
      {load.failures.length > 0 && (
        <Alert color="yellow" role="status" title={strings.load.failuresHeading} data-testid="items-failures">
          <Stack gap="xs" align="flex-start">
            <List size="sm">
              {load.failures.map((failure) => (
                <List.Item key={`${failure.item_type} ${failure.error}`}>
                  {failure.item_type}: {failure.message} ({failure.error})
                </List.Item>
              ))}
            </List>
            {load.phase.name === 'done' && <RestartButton load={load} />}
          </Stack>
        </Alert>
      )}
      {load.phase.name === 'failed' && <LoadFailure load={load} error={load.phase.failure} />}
    </>
  );
}

function LoadFailure({ load, error }: { load: ItemLoad; error: Error }) {
  const { attempts, loads } = useServices();
  const { owner, connection } = load;
  const code = 'code' in error ? error.code : undefined;
  const small = { size: 'compact-sm', variant: 'default' } as const;
  return (
    <ErrorNotice title={strings.load.failed(load.count)} error={error} testId="items-error">
      {code === 'reauthorization_required' && (
        <Button {...small} onClick={() => void attempts.begin(owner, connection.integration)}>
          {strings.connections.reconnect}
        </Button>
      )}
      {code !== 'cursor_invalid' && (
        <Button {...small} onClick={() => void loads.resume(connection.connection_id)} data-testid="items-retry">
          {strings.load.retry}
        </Button>
      )}
      {load.count > 0 && <RestartButton load={load} />}
    </ErrorNotice>
  );
}

function RestartButton({ load: { owner, connection } }: { load: ItemLoad }) {
  const { loads } = useServices();
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => void loads.start(owner, connection)}
      data-testid="items-restart"
    >
      {strings.load.restart}
    </Button>
  );
}
