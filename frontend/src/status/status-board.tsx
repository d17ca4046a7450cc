import { Alert, SimpleGrid, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useDeferredValue, useId, useState } from 'react';
import type { Status } from '../api/types.ts';
import { strings } from '../strings.ts';
import { MomentText } from '../time/moment-text.tsx';
import { intervalsOf, type Intervals } from './chart/series.ts';
import { overviewCharts } from './overview-charts.ts';
import { ProviderCard } from './provider-card.tsx';
import { ChartCard } from './chart-card.tsx';
import { summaryOf, type Level } from './summary.ts';
import { writeClock } from './writing.ts';

interface StatusBoardProps {
  status: Status;
  /** When it was read, by this computer's clock. */
  readAtMs: number;
  nameOf: (integration: string) => string;
  isOld: boolean;
}

const words = strings.status;
const COLORS: Record<Level, string> = { good: 'green', watch: 'yellow', bad: 'red' };

export function StatusBoard({ status, readAtMs, nameOf, isOld }: StatusBoardProps) {
  const intervals = intervalsOf(status.timeline);
  const providersId = useId();
  // After what is above them, so that a slow phone doesn't lay out all at once.
  const hasCharts = useDeferredValue(true, false);
  // What the service's clock says is so much later than this computer's.
  const aheadMs = Date.parse(status.as_of) - readAtMs;
  return (
    <>
      <Overall status={status} nameOf={nameOf} isOld={isOld} readAtMs={readAtMs} />
      <Stack component="section" gap="sm" aria-labelledby={providersId}>
        <Title order={2} size="h4" id={providersId}>
          {words.providers}
        </Title>
        <SimpleGrid cols={{ base: 1, md: 2 }} data-testid="providers">
          {status.providers.map((provider) => (
            <ProviderCard
              key={provider.integration}
              provider={provider}
              name={nameOf(provider.integration)}
              intervals={intervals}
              aheadMs={aheadMs}
            />
          ))}
        </SimpleGrid>
        <Text size="xs" c="dimmed">
          {words.latelyHint}
        </Text>
      </Stack>
      {hasCharts && <Overview status={status} intervals={intervals} />}
    </>
  );
}

function Overview({ status, intervals }: { status: Status; intervals: Intervals }) {
  const id = useId();
  return (
    <Stack component="section" gap="sm" aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        {words.overview}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {overviewCharts(status, intervals).map((chart) => (
          <ChartCard key={chart.title} chart={chart} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Overall({ status, nameOf, isOld, readAtMs }: StatusBoardProps) {
  const { level, sentence, notices } = summaryOf(status, nameOf);
  const [firstProcess] = useState(status.process.id);
  return (
    <Stack gap="xs">
      <Alert
        color={COLORS[level]}
        variant="light"
        // Its numbers change every few seconds: only what they mean is read out, below.
        role="group"
        title={words.level[level]}
        data-testid="summary"
        data-level={level}
      >
        <Text fw={600} data-testid="sentence">
          {sentence}
        </Text>
        {notices.map((notice) => (
          <Text key={notice} size="sm">
            {notice}
          </Text>
        ))}
      </Alert>
      <VisuallyHidden role="status">{[words.level[level], ...notices].join('. ')}</VisuallyHidden>
      <Text size="sm" c="dimmed" className="breakable">
        {words.process(status.process.id)} <MomentText time={status.process.started_at} />.{' '}
        {!isOld && words.updated(writeClock(readAtMs))}
      </Text>
      {status.process.id !== firstProcess && (
        <Text size="sm" role="status" data-testid="process-replaced">
          {words.replaced}
        </Text>
      )}
    </Stack>
  );
}
