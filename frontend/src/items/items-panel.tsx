import { Button, Group, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import type { Integration } from '../api/types.ts';
import { accountName } from '../connections/account-name.ts';
import { useServices } from '../services.ts';
import { strings } from '../strings.ts';
import { writeElapsed, writeTook } from './elapsed.ts';
import { isRunning, type ItemLoad } from './item-load.ts';
import { ItemsExplorer } from './items-explorer.tsx';
import { LoadNotices } from './load-notices.tsx';
import { LoadProgressList } from './load-progress-list.tsx';
import { TypeChoice } from './type-choice.tsx';
import { useNow } from './use-now.ts';

interface ItemsPanelProps {
  load: ItemLoad;
  /** Undefined while it isn't known. */
  integration: Integration | undefined;
}

export function ItemsPanel({ load, integration }: ItemsPanelProps) {
  const headingId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  // It appears because a button elsewhere was pressed: bring the person here.
  useEffect(() => heading.current?.focus(), []);
  const account = accountName(load.connection);
  const displayName = integration?.display_name ?? load.connection.integration;
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
      <Stack gap="md">
        <Group justify="space-between" gap="sm">
          <Title order={3} size="h4" id={headingId} ref={heading} tabIndex={-1} className="breakable">
            {strings.load.heading(account, displayName)}
          </Title>
          <LoadButtons load={load} />
        </Group>
        <LoadCount load={load} />
        <LoadProgressList load={load} />
        <LoadNotices load={load} integration={integration} displayName={displayName} />
        {load.count > 0 && <ItemsExplorer load={load} account={account} displayName={displayName} />}
        {integration && <OtherTypes load={load} account={account} integration={integration} />}
      </Stack>
    </Paper>
  );
}

function LoadButtons({ load }: { load: ItemLoad }) {
  const { loads } = useServices();
  const { connection_id: id } = load.connection;
  const small = { size: 'compact-sm', variant: 'default' } as const;
  return (
    <Group gap="xs">
      {load.phase.name === 'waiting' && (
        <Button size="compact-sm" onClick={() => void loads.resume(id)} data-testid="items-go-on-now">
          {strings.load.goOnNow}
        </Button>
      )}
      {isRunning(load) && (
        <Button {...small} onClick={() => loads.stop(id)} data-testid="items-stop">
          {strings.load.stop}
        </Button>
      )}
      {load.phase.name === 'stopped' && (
        <Button size="compact-sm" onClick={() => void loads.resume(id)} data-testid="items-resume">
          {strings.load.resume}
        </Button>
      )}
      {!isRunning(load) && (
        <Button
          {...small}
          onClick={() => void loads.start(load.owner, load.connection, load.itemTypes)}
          data-testid="items-restart"
        >
          {strings.load.restart}
        </Button>
      )}
      <Button {...small} onClick={() => loads.close(id)} data-testid="items-close">
        {strings.load.close}
      </Button>
    </Group>
  );
}

/** The live count for the eye; the beginning and the end for the ear, which every batch would only annoy. */
function LoadCount({ load }: { load: ItemLoad }) {
  const { phase, count } = load;
  return (
    <>
      <Group gap="xs" align="baseline">
        <Text fw={700} size="xl" span data-testid="items-count" data-count={count}>
          {strings.load.count(count)}
        </Text>
        <Text size="sm" span>
          {phase.name === 'loading' && `${strings.load.loading} `}
          <Elapsed load={load} />
        </Text>
      </Group>
      {!isRunning(load) && phase.name !== 'failed' && <Text size="sm">{outcome(load)}</Text>}
      {phase.name === 'done' && count === 0 && load.complete && <Text size="sm">{strings.load.emptyHint}</Text>}
      <VisuallyHidden role="status" data-testid="items-status">
        {isRunning(load) ? strings.load.started : outcome(load)}
      </VisuallyHidden>
    </>
  );
}

function Elapsed({ load }: { load: ItemLoad }) {
  const running = isRunning(load);
  const nowMs = useNow(running);
  const elapsedMs = load.ranMs + (load.runningSinceMs === null ? 0 : nowMs - load.runningSinceMs);
  return (
    <span data-testid="items-elapsed">
      {running ? strings.load.elapsed(writeElapsed(elapsedMs)) : strings.load.took(writeTook(elapsedMs))}
    </span>
  );
}

function outcome({ phase, count, complete, failures, earlier }: ItemLoad): string {
  if (phase.name === 'stopped') return strings.load.stopped(count);
  if (phase.name !== 'done') return '';
  if (earlier !== null) return strings.load.doneEarlier(count);
  if (!complete || failures.length > 0) return strings.load.incomplete(count);
  return count === 0 ? strings.load.doneEmpty : strings.load.done(count);
}

interface OtherTypesProps {
  load: ItemLoad;
  account: string;
  integration: Integration;
}

function OtherTypes({ load, account, integration }: OtherTypesProps) {
  const { loads } = useServices();
  return (
    <details className="disclosure" data-testid="other-types">
      <summary>{strings.load.otherTypes}</summary>
      <Stack mt="xs">
        <TypeChoice
          account={account}
          itemTypes={integration.item_types}
          chosenAtFirst={load.itemTypes ?? integration.default_item_types}
          button={strings.load.loadThese}
          testId="items-load-these"
          onLoad={(itemTypes) => void loads.start(load.owner, load.connection, itemTypes)}
        />
      </Stack>
    </details>
  );
}
