const STEPS = 4;

/** How long the store may take over a hit, in milliseconds. It takes less than one when all is well. */
export const PATIENCE_MS = 120;

/**
 * The answer, if it comes in time. Time is counted in several short steps, each of which lets the event loop turn: when
 * this process stalls, the answer that arrived meanwhile is still read, and its own slowness isn't taken for the store's.
 * @throws Error when it doesn't
 */
export function inTime<T>(answer: Promise<T>, timeoutMs = PATIENCE_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    let stepsLeft = STEPS;
    const timer = setTimeout(() => {
      stepsLeft -= 1;
      if (stepsLeft > 0) timer.refresh();
      else reject(new Error(`There was no answer in ${timeoutMs} ms.`));
    }, timeoutMs / STEPS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
