import type { Intervals } from './series.ts';

/** How much of the time a circuit was not closed for, as far as intervals tell. */
export function notAnswering(states: readonly number[], { lengths }: Intervals): { share: number; seconds: number } {
  const seconds = lengths.reduce((sum, length) => sum + length, 0);
  const failing = states.reduce((sum, state, at) => sum + (state > 0 ? (lengths[at] ?? 0) : 0), 0);
  return { share: seconds === 0 ? 0 : failing / seconds, seconds };
}
