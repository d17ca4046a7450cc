import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './refresh-experiment.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'test-output');

export type Counts = Readonly<Record<string, number>>;

/** How often there was each answer, also those that told a reader to wait: `200`, or `503 provider_unavailable`. */
export function wordsOf({ readings }: Outcome): Counts {
  return counted(readings.flatMap(({ words }) => words));
}

/** How many readers were told what in the end. */
export function lastWordsOf({ readings }: Outcome): Counts {
  return counted(readings.map(({ words }) => words.at(-1) ?? 'nothing'));
}

/** Shows what was measured in one line, and keeps it in test-output/. */
export function report(title: string, outcome: Outcome): void {
  const { refreshes, readings, connection, tokenStatuses } = outcome;
  const slowest = (member: 'slowestAnswerMs' | 'tookMs') => seconds(readings.map((reading) => reading[member]));
  const broken = readings.reduce((sum, reading) => sum + reading.broken, 0);
  const line = [
    title,
    `refreshes asked ${refreshes.asked}, granted ${refreshes.granted}, reuses ${refreshes.reuses}`,
    `answers ${shown(wordsOf(outcome))}${broken === 0 ? '' : `, broken ${broken}`}`,
    `last words ${shown(lastWordsOf(outcome))}`,
    `slowest answer ${slowest('slowestAnswerMs')}, longest way to the last word ${slowest('tookMs')}`,
    `tokens ${tokenStatuses.length}`,
    [connection['status'], connection['reason']].filter(Boolean).join(': '),
  ].join(' | ');
  process.stdout.write(`${line}\n`);
  mkdirSync(FOLDER, { recursive: true });
  appendFileSync(join(FOLDER, 'refresh-experiment.txt'), `${new Date().toISOString()} ${line}\n`);
}

function counted(words: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function shown(counts: Counts): string {
  const all = Object.entries(counts).map(([word, count]) => `${word} × ${count}`);
  return all.length === 0 ? 'none' : all.join(', ');
}

function seconds(ms: readonly number[]): string {
  return `${(Math.max(0, ...ms) / 1000).toFixed(1)} s`;
}
