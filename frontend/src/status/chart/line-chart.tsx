import { Group, Stack, Text, Title } from '@mantine/core';
import { useState, type PointerEvent } from 'react';
import { strings } from '../../strings.ts';
import { writeClock } from '../writing.ts';
import { ChartLegend } from './chart-legend.tsx';
import { ChartTable } from './chart-table.tsx';
import { areaPath, dotPath, extremesOf, linePath, niceTop, seen, xOf, type Chart, type ChartSeries } from './series.ts';

const WIDTH = 400;
const HEIGHT = 100;
const words = strings.status.chart;

/** Of its heading. */
export type ChartLevel = 3 | 4;

/**
 * Lines over the time since the start. A moment is chosen by pointer, finger or arrow keys; a screen reader hears it. Lines
 * differ by their dashes as well as by their colours.
 */
export function LineChart({ title, series: all, intervals, write, level }: Chart & { level: ChartLevel }) {
  const [chosen, choose] = useState<number | null>(null);
  const series = seen(all);
  const last = intervals.endsAt.length - 1;
  const at = Math.min(chosen ?? last, last);
  const moment = chosen === null ? words.now : writeClock(intervals.endsAt[at] ?? 0);
  return (
    <Stack gap={4} className="chart" data-testid="chart" data-chart={title}>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
        <Title order={level} size="sm">
          {title}
        </Title>
        <Text size="xs" c="dimmed" data-testid="chart-moment">
          {moment}
        </Text>
      </Group>
      <ChartPlot title={title} series={series} intervals={intervals} write={write} at={at} choose={choose} />
      <ChartLegend series={series} at={at} write={write} />
      <ChartTable title={title} series={series} intervals={intervals} write={write} />
    </Stack>
  );
}

interface ChartPlotProps extends Chart {
  at: number;
  choose: (at: number | null) => void;
}

function ChartPlot({ title, series, intervals, write, at, choose }: ChartPlotProps) {
  const { endsAt } = intervals;
  const highest = Math.max(0, ...series.map(({ values }) => extremesOf(values)?.highest ?? 0));
  const plot = { width: WIDTH, height: HEIGHT, top: niceTop(highest) };
  const x = xOf(at, endsAt.length, plot);
  const point = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    choose(Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * (endsAt.length - 1)));
  };
  return (
    <div className="chart-plot">
      <Text span size="xs" c="dimmed" className="chart-top" aria-hidden="true">
        {write(plot.top)}
      </Text>
      <div className="chart-field" onPointerMove={point} onPointerLeave={() => choose(null)}>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summaryOf(title, series, write)}
        >
          <path className="chart-grid" d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} />
          <path className="chart-area" d={areaPath(series[0]?.values ?? [], plot)} />
          {series.map(({ name, values }, line) => (
            <g key={name} className={`chart-line chart-line-${line}`}>
              <path d={linePath(values, plot)} />
              <path className="chart-dots" d={dotPath(values, plot)} />
            </g>
          ))}
          <path className="chart-cursor" d={`M${x} 0V${HEIGHT}`} />
        </svg>
        <input
          type="range"
          min={0}
          max={endsAt.length - 1}
          value={at}
          aria-label={words.moment(title)}
          aria-valuetext={readout(at, series, endsAt, write)}
          onChange={(event) => choose(Number(event.currentTarget.value))}
          onBlur={() => choose(null)}
        />
      </div>
      <Group justify="space-between" gap="xs" aria-hidden="true">
        <Text span size="xs" c="dimmed">
          {writeClock((endsAt[0] ?? 0) - (intervals.lengths[0] ?? 0) * 1000)}
        </Text>
        <Text span size="xs" c="dimmed">
          {words.now}
        </Text>
      </Group>
    </div>
  );
}

function readout(
  at: number,
  series: readonly ChartSeries[],
  endsAt: readonly number[],
  write: (value: number) => string,
): string {
  const values = series.map(({ name, values }) => {
    const value = values[at] ?? null;
    return words.value(name, value === null ? words.none : write(value));
  });
  return words.at(writeClock(endsAt[at] ?? 0), values);
}

function summaryOf(title: string, series: readonly ChartSeries[], write: (value: number) => string): string {
  const lines = series.map(({ name, values }) => {
    const extremes = extremesOf(values);
    if (extremes === null) return words.value(name, words.nothing);
    const { last, lowest, highest } = extremes;
    return words.line(name, last === null ? words.none : write(last), write(lowest), write(highest));
  });
  return words.summary(title, lines);
}
