import { describe, it } from '@jest/globals';
import { appendFileSync } from 'node:fs';

/** Names the file that rows are written to, one JSON line each. Unset: nobody wants to see the table. */
export const TABLE_VARIABLE = 'FAULT_TABLE';

/** The long form: more rounds, and the whole of the soak. */
export const isSoak = process.env['SOAK'] === '1';

/** Rows that wait for minutes: only when the table is asked for. Said, and counted as skipped, elsewhere. */
export const describeInTheTable: typeof describe | typeof describe.skip =
  process.env[TABLE_VARIABLE] === undefined ? describe.skip : describe;

export interface FaultRow {
  readonly fault: string;
  readonly target: string;
  readonly measured: string;
  readonly held: boolean;
}

/** Says what was measured, in words and numbers that stand beside the target. Several are shown after each other. */
export type Measured = (what: string) => void;

/** One row of the table of faults, as a test: what goes wrong, what is promised then, and a body that measures it. */
export function fault(
  title: string,
  target: string,
  body: (measured: Measured) => Promise<void>,
  timeoutMs?: number,
): void {
  it(
    `${title}: ${target}`,
    async () => {
      const said: string[] = [];
      let held = false;
      try {
        await body((what) => void said.push(what));
        held = true;
      } finally {
        record({ fault: title, target, measured: said.join('; '), held });
      }
    },
    timeoutMs,
  );
}

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
