import { Table } from '@mantine/core';
import { useState } from 'react';
import { strings } from '../../strings.ts';
import { writeClock } from '../writing.ts';
import type { Chart } from './series.ts';

const words = strings.status.chart;

/** The same numbers for whom a picture says nothing: the latest first. Made when it is opened. */
export function ChartTable(chart: Chart) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="disclosure" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={words.tableLabel(chart.title)}>{words.table}</summary>
      {isOpen && <OpenTable {...chart} />}
    </details>
  );
}

function OpenTable({ title, series, intervals, write }: Chart) {
  const latestFirst = intervals.endsAt.map((_end, at) => at).reverse();
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label={words.tableLabel(title)}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{words.when}</Table.Th>
            {series.map(({ name }) => (
              <Table.Th key={name} scope="col">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {latestFirst.map((at) => (
            <Table.Tr key={intervals.endsAt[at]}>
              <Table.Th scope="row">{writeClock(intervals.endsAt[at] ?? 0)}</Table.Th>
              {series.map(({ name, values }) => {
                const value = values[at] ?? null;
                return <Table.Td key={name}>{value === null ? words.none : write(value)}</Table.Td>;
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
