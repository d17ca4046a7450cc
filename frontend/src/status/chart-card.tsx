import { Paper, Text, Title } from '@mantine/core';
import { strings } from '../strings.ts';
import { LineChart, type ChartLevel } from './chart/line-chart.tsx';
import type { Chart } from './chart/series.ts';

/** A line needs two points. */
const FEWEST = 2;

export function ChartCard({ chart }: { chart: Chart }) {
  return (
    <Paper withBorder p="md">
      <ChartOrNone chart={chart} level={3} />
    </Paper>
  );
}

/** Says so while there is nothing to draw yet. */
export function ChartOrNone({ chart, level }: { chart: Chart; level: ChartLevel }) {
  if (chart.intervals.endsAt.length >= FEWEST) return <LineChart {...chart} level={level} />;
  return (
    <>
      <Title order={level} size="sm">
        {chart.title}
      </Title>
      <Text size="sm" c="dimmed" data-testid="chart-young">
        {strings.status.young}
      </Text>
    </>
  );
}
