import { setTimeout as delay } from 'node:timers/promises';

/**
 * How long a condition may stay false before the wait counts as a hang, in milliseconds. It only turns a hang into an error
 * that says what was waited for. It is far above what any wait takes, also on a machine at a tenth of the speed of ours.
 */
export const HANG_MS = 180_000;

export interface Waiting {
  /** Milliseconds between two questions. Default: 5. */
  readonly everyMs?: number;
}

/** Asks repeatedly until the answer satisfies, and returns that answer. Throws with the last answer after `HANG_MS`. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  satisfies: (answer: T) => boolean,
  { everyMs = 5 }: Waiting = {},
): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (performance.now() - startedAt > HANG_MS) {
      throw new Error(`Still not true after ${HANG_MS / 1000} s. The last answer was: ${JSON.stringify(answer)}`);
    }
    await delay(everyMs);
  }
}
