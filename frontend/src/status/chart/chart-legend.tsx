import { Text } from '@mantine/core';
import { strings } from '../../strings.ts';
import { extremesOf, type ChartSeries } from './series.ts';

interface ChartLegendProps {
  series: readonly ChartSeries[];
  /** The interval whose values are shown. */
  at: number;
  write: (value: number) => string;
}

const words = strings.status.chart;

/** Each line by its name, with its value at the moment, its lowest and its highest. */
export function ChartLegend({ series, at, write }: ChartLegendProps) {
  return (
    <ul className="chart-legend">
      {series.map(({ name, values }, line) => {
        const extremes = extremesOf(values);
        const value = values[at] ?? null;
        return (
          <li key={name}>
            <svg width="22" height="8" aria-hidden="true">
              <path className={`chart-line chart-line-${line}`} d="M1 4H21" />
            </svg>
            <Text span size="xs">
              {name}
            </Text>
            <Text span size="xs" fw={700} data-testid="chart-value">
              {value === null ? words.none : write(value)}
            </Text>
            {extremes && (
              <Text span size="xs" c="dimmed">
                {words.lowest(write(extremes.lowest))}, {words.highest(write(extremes.highest))}
              </Text>
            )}
          </li>
        );
      })}
    </ul>
  );
}
