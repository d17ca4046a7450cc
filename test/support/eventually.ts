import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until the answer satisfies, and returns that answer. Fails after `timeoutMs` with the last one. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  satisfies: (answer: T) => boolean,
  timeoutMs = 10_000,
  everyMs = 5,
): Promise<T> {
  const deadlineAt = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (performance.now() > deadlineAt) {
      throw new Error(`Not within ${timeoutMs} ms. The last answer was: ${JSON.stringify(answer)}`);
    }
    await delay(everyMs);
  }
}

/** Resolves with the answer once it has been the same for so long: nothing goes on any more. */
export async function untilStill<T>(ask: () => Promise<T>, forMs = 1_500, timeoutMs = 30_000): Promise<T> {
  let last: T = await ask();
  let since = performance.now();
  const isStill = (answer: T): boolean => {
    if (answer !== last) [last, since] = [answer, performance.now()];
    return performance.now() - since >= forMs;
  };
  return eventually(ask, isStill, timeoutMs, 50);
}
