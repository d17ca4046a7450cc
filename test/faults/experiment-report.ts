import type { Outcome } from '../support/refresh-experiment.ts';
import type { Report } from './fault-row.ts';

/** A survivor leaves a refresh token alone for 20 s, the token endpoint takes 13 s, and readers ask every 5 s. */
const LAST_WORD_WITHIN_SECONDS = 48;

export type Counts = Readonly<Record<string, number>>;

/** How often there was each answer, also those that told a reader to wait: `200`, or `503 provider_unavailable`. */
export function wordsOf({ readings }: Outcome): Counts {
  return counted(readings.flatMap(({ words }) => words));
}

/** How many readers were told what in the end. */
export function lastWordsOf({ readings }: Outcome): Counts {
  return counted(readings.map(({ words }) => words.at(-1) ?? 'nothing'));
}

export function reportOutcome(report: Report, outcome: Outcome): void {
  const { refreshes, readings } = outcome;
  const broken = readings.reduce((sum, reading) => sum + reading.broken, 0);
  report.say(`refreshes asked ${refreshes.asked}, granted ${refreshes.granted}`);
  report.say(`answers ${shown(wordsOf(outcome))}${broken === 0 ? '' : `, broken ${broken}`}`);
  report.say(`slowest answer ${longestSeconds(readings.map(({ slowestAnswerMs }) => slowestAnswerMs)).toFixed(1)} s`);
  const toldAfter = longestSeconds(readings.map(({ tookMs }) => tookMs));
  report.atMost('last word after', toldAfter, LAST_WORD_WITHIN_SECONDS, 's');
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

function longestSeconds(durationsMs: readonly number[]): number {
  return Math.max(0, ...durationsMs) / 1000;
}
