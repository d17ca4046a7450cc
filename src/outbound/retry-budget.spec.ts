import { describe, expect, it } from '@jest/globals';
import { RetryBudget } from './retry-budget.ts';

describe('a retry budget', () => {
  it('holds 500: some 35 repeats after failures, 100 after throttling', () => {
    const failing = new RetryBudget();
    const throttled = new RetryBudget();
    expect(countTaken(() => failing.take('transient'))).toBe(35);
    expect(countTaken(() => throttled.take('throttled'))).toBe(100);
  });

  it('says what a retry costs, and nothing once it is too little', () => {
    const budget = new RetryBudget();
    expect([budget.take('transient'), budget.take('throttled'), budget.tokens]).toEqual([14, 5, 481]);
    while (budget.take('transient') !== undefined) continue;
    expect(budget.take('transient')).toBeUndefined();
    expect(budget.tokens).toBe(5);
    expect(budget.take('throttled')).toBe(5);
    expect(budget.take('throttled')).toBeUndefined();
  });

  it('gets back what the retries of a success have cost, and one more', () => {
    const budget = new RetryBudget();
    const spent = (budget.take('transient') ?? 0) + (budget.take('transient') ?? 0);
    budget.take('transient');
    budget.succeeded(spent);
    expect(budget.tokens).toBe(500 - 14 + 1);
  });

  it('is never more than full', () => {
    const budget = new RetryBudget();
    budget.succeeded(0);
    expect(budget.tokens).toBe(500);
  });
});

function countTaken(take: () => number | undefined): number {
  let count = 0;
  while (take() !== undefined) count += 1;
  return count;
}
