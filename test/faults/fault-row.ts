import { it } from '@jest/globals';
import { appendFileSync } from 'node:fs';
import { TABLE_VARIABLE, type Figure, type FaultRow } from './fault-table.ts';

/** The long form (`--soak`): more rounds, and the whole of the soak. */
export const isSoak = process.env['SOAK'] === '1';

/** The short form (`--short`): fewer rounds and shorter waits, of the same behaviour. */
export const isShort = process.env['FAULTS_SHORT'] === '1';

/** What a row's test reports while it runs. Assertions about behaviour stay `expect`s; speed and size are figures. */
export class Report {
  readonly observations: string[] = [];
  readonly figures: Figure[] = [];

  /** An observation in words, shown in the table. */
  say(what: string): void {
    this.observations.push(what);
  }

  /** A figure that should be at most `limit`. Never fails the test: how fast a machine is, is no behaviour. */
  atMost(name: string, value: number, limit: number, unit: Figure['unit'] = 'ms'): void {
    this.figures.push({ name, value, unit, limit, isMost: true });
  }

  /** A figure that should be at least `limit`. */
  atLeast(name: string, value: number, limit: number, unit: Figure['unit'] = 'ms'): void {
    this.figures.push({ name, value, unit, limit, isMost: false });
  }
}

/** One row of the fault table, as a test: what goes wrong, what is promised then, and a body that makes it happen. */
export function fault(title: string, target: string, body: (report: Report) => Promise<void>): void {
  it(`${title}: ${target}`, async () => {
    const report = new Report();
    let held = false;
    try {
      await body(report);
      held = true;
    } finally {
      const { observations, figures } = report;
      record({ fault: title, target, measured: observations.join('; '), figures, held });
    }
  });
}

/** A row that the short form leaves out, since it waits for half a minute or longer. */
export const longFault: typeof fault = (title, target, body) => {
  if (!isShort) fault(title, target, body);
};

function record(row: FaultRow): void {
  const file = process.env[TABLE_VARIABLE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

export const percent = (part: number): string => `${(100 * part).toFixed(2)} %`;

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param part 0 to 1 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** @returns what the call took, in milliseconds, and its answer */
export async function timed<T>(call: () => Promise<T>): Promise<{ readonly tookMs: number; readonly answer: T }> {
  const startedAt = performance.now();
  const answer = await call();
  return { tookMs: performance.now() - startedAt, answer };
}
