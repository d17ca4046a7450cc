import { Paper, Text, Title } from '@mantine/core';
import { strings } from '../strings.ts';
import { LineChart } from './chart/line-chart.tsx';
import type { Chart } from './chart/series.ts';

/** A line needs two points. */
const FEWEST = 2;

export function ChartCard({ chart }: { chart: Chart }) {
  return (
    <Paper withBorder p="md">
      <ChartOrNone chart={chart} />
    </Paper>
  );
}

/** Says so while there is nothing to draw yet. */
export function ChartOrNone({ chart }: { chart: Chart }) {
  if (chart.intervals.endsAt.length >= FEWEST) return <LineChart {...chart} />;
  return (
    <>
      <Title order={4} size="sm">
        {chart.title}
      </Title>
      <Text size="sm" c="dimmed" data-testid="chart-young">
        {strings.status.young}
      </Text>
    </>
  );
}
