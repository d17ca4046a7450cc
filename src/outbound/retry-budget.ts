import type { RetryCause } from './retry.ts';

const CAPACITY = 500;
const COST: Readonly<Record<RetryCause, number>> = { transient: 14, throttled: 5 };
const EARNED_BY_SUCCESS = 1;

/**
 * How much of a provider's load may be repeats. Every retry costs; a success gives back what its call's retries have cost,
 * and a little more. A provider that fails now and then is retried every time; one that is down, some 35 times in all.
 */
export class RetryBudget {
  #tokens = CAPACITY;

  get tokens(): number {
    return this.#tokens;
  }

  /** @returns what the retry costs; undefined when there isn't enough left for it */
  take(cause: RetryCause): number | undefined {
    const cost = COST[cause];
    if (this.#tokens < cost) return undefined;
    this.#tokens -= cost;
    return cost;
  }

  /** @param spent on all retries of the call that succeeded */
  succeeded(spent: number): void {
    this.#tokens = Math.min(CAPACITY, this.#tokens + spent + EARNED_BY_SUCCESS);
  }
}
