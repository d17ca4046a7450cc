import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { stopTime } from '../outbound/fixtures/stopped-clock.ts';
import { storageUnavailable } from '../storage/storage-unavailable.ts';
import { StoreProbe } from './store-probe.ts';

const SAFE = { problems: [] };

beforeEach(stopTime);
afterEach(() => void jest.useRealTimers());

describe('a probe of the store', () => {
  it('writes once for all who ask in the same moment', async () => {
    const put = jest.fn(() => Promise.resolve(1));
    const probe = new StoreProbe({ put }, SAFE);
    await Promise.all([probe.write(), probe.write()]);
    jest.advanceTimersByTime(199);
    await probe.write();
    expect(put).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1);
    await probe.write();
    expect(put).toHaveBeenCalledTimes(2);
  });

  it('tells that the store is back as soon as it is', async () => {
    const put = jest.fn(() => Promise.resolve(1)).mockRejectedValueOnce(storageUnavailable(new Error('OOM')));
    const probe = new StoreProbe({ put }, SAFE);
    await expect(probe.write()).rejects.toMatchObject({ code: 'storage_unavailable' });
    await expect(probe.write()).resolves.toBeUndefined();
  });

  it('fails as the store does, for all of them', async () => {
    const refused = storageUnavailable(new Error('OOM'));
    const probe = new StoreProbe({ put: () => Promise.reject(refused) }, SAFE);
    const outcomes = await Promise.allSettled([probe.write(), probe.write()]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason === refused)).toEqual([
      true,
      true,
    ]);
  });
});
