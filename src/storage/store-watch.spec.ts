import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { StoreReport } from './key-value-store.ts';
import { storageUnavailable } from './storage-unavailable.ts';
import { StoreWatch } from './store-watch.ts';

const EVICTS = 'Redis has maxmemory-policy allkeys-lru.';
const CUT_OFF = 'Redis has replicas that nothing waits for.';

describe('the watch over the store', () => {
  let said: unknown[];
  let report: () => Promise<StoreReport>;
  let watch: StoreWatch;
  const found = (problems: readonly string[], risks: readonly string[] = []) => {
    report = () => Promise.resolve({ kind: 'redis', problems, risks });
    return watch.look();
  };

  beforeEach(() => {
    said = [];
    for (const level of ['warn', 'log'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation((message: unknown) => void said.push(message));
    watch = new StoreWatch({ report: () => report() });
  });
  afterEach(() => {
    watch.stop();
    jest.restoreAllMocks();
  });

  it('says what is wrong once, and once that it is mended', async () => {
    await found([]);
    await found([EVICTS]);
    await found([EVICTS]);
    expect(watch.problems).toEqual([EVICTS]);
    await found([]);
    await found([]);
    expect(watch.problems).toEqual([]);
    expect(said).toEqual([
      { msg: 'store is not safe for grants', problem: EVICTS },
      { msg: 'store is safe for grants again' },
    ]);
  });

  it('says what may go wrong once, and does not count it as wrong', async () => {
    await found([], [CUT_OFF]);
    await found([], [CUT_OFF]);
    expect(watch.problems).toEqual([]);
    expect(said).toEqual([{ msg: 'store may lose its last writes', risk: CUT_OFF }]);
  });

  it('looks by itself, and stays with what it saw while the store is away', async () => {
    await found([EVICTS]);
    let looks = 0;
    const lookedTwice = new Promise<void>((resolve) => {
      report = () => {
        looks += 1;
        if (looks === 2) resolve();
        return Promise.reject(storageUnavailable(new Error('gone')));
      };
    });
    watch.start(1);
    await lookedTwice;
    expect(watch.problems).toEqual([EVICTS]);
    expect(said).toHaveLength(1);
  });
});
