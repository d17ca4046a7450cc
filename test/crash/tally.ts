import type { Round } from './round.ts';

const COLUMNS = [
  'kills',
  'before',
  'in',
  'after',
  'recovered',
  'renew',
  'corrupt',
  'reuse',
  'orphan',
  'lease s',
  'answer s',
];

/** The rounds as a table for people: a line for each step that was struck. */
export function tableOf(rounds: readonly Round[]): string {
  const groups = Map.groupBy(rounds, ({ store, work, step }) => `${store} | ${work} | ${step}`);
  const named = [...groups].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const lines = [...named, ['all', rounds] as const].map(([name, group]) => [name, ...cellsOf(group)]);
  const all = [['store | work | step', ...COLUMNS], ...lines];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return all.map((line) => line.map(pad).join('  ')).join('\n');
}

function cellsOf(rounds: readonly Round[]): string[] {
  const count = (is: (round: Round) => boolean) => String(rounds.filter(is).length);
  const sum = (of: (round: Round) => number) => String(rounds.reduce((total, round) => total + of(round), 0));
  return [
    String(rounds.length),
    count(({ when }) => when === 'before'),
    count(({ when }) => when === 'during'),
    count(({ when }) => when === 'after'),
    count(({ result }) => result === 'recovered'),
    count(({ result }) => result === 'renew'),
    count(({ problems }) => problems.some(({ kind }) => kind === 'corrupt')),
    sum(({ reuses }) => reuses),
    sum(({ orphans }) => orphans),
    slowest(rounds.map(({ leaseMs }) => leaseMs)),
    slowest(rounds.map(({ answeredMs }) => answeredMs)),
  ];
}

function slowest(times: readonly (number | undefined)[]): string {
  const known = times.filter((ms) => ms !== undefined);
  return known.length === 0 ? '-' : (Math.max(...known) / 1000).toFixed(1);
}
