import { describe, expect, it } from '@jest/globals';
import { SealTally } from './seal-tally.ts';

interface Kept {
  total: number;
  writes: number;
  isDown: boolean;
}

function keptTally(): { tally: SealTally; kept: Kept } {
  const tally = new SealTally();
  const kept: Kept = { total: 0, writes: 0, isDown: false };
  tally.keepWith((_keyId, seals) => {
    kept.writes += 1;
    if (kept.isDown) return Promise.reject(new Error('The store is down.'));
    kept.total += seals;
    return Promise.resolve();
  });
  return { tally, kept };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function seal(tally: SealTally, times: number): Promise<void> {
  for (let made = 0; made < times; made += 1) {
    tally.count('k');
    if (made % 100 === 0) await settled();
  }
  await settled();
}

describe('The count of seals', () => {
  it('is ahead of what was sealed, at every moment, by little more than a batch', async () => {
    const { tally, kept } = keptTally();
    for (let made = 100; made <= 10_000; made += 100) {
      await seal(tally, 100);
      expect(kept.total).toBeGreaterThanOrEqual(made);
      expect(kept.total).toBeLessThanOrEqual(made + 1300);
    }
  });

  it('costs a write in a thousand seals', async () => {
    const { tally, kept } = keptTally();
    await seal(tally, 20_000);
    expect(kept.writes).toBeLessThanOrEqual(20);
  });

  it('makes up for what it could not count while the store was down, which it does not ask at every seal', async () => {
    const { tally, kept } = keptTally();
    kept.isDown = true;
    await seal(tally, 5000);
    expect(kept.total).toBe(0);
    expect(kept.writes).toBeLessThan(100);
    kept.isDown = false;
    await seal(tally, 100);
    expect(kept.total).toBeGreaterThanOrEqual(5100);
  });

  it('takes in what was sealed before anybody kept it', async () => {
    const tally = new SealTally();
    await seal(tally, 50);
    let total = 0;
    tally.keepWith((_keyId, seals) => {
      total += seals;
      return Promise.resolve();
    });
    await seal(tally, 1);
    expect(total).toBeGreaterThanOrEqual(51);
  });

  it('is each key’s own', async () => {
    const tally = new SealTally();
    const counted = new Map<string, number>();
    tally.keepWith((keyId, seals) => {
      counted.set(keyId, (counted.get(keyId) ?? 0) + seals);
      return Promise.resolve();
    });
    tally.count('old');
    tally.count('new');
    await settled();
    expect([...counted.keys()]).toEqual(['old', 'new']);
  });
});
