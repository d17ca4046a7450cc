import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { oauthClient } from '../oauth/fixtures/oauth-client.ts';
import { openDatabase } from '../storage/sqlite/sqlite-database.ts';
import { SqliteKeyValueStore } from '../storage/sqlite/sqlite-key-value-store.ts';
import { RefreshPace } from './refresh-pace.ts';

const MINUTE_MS = 60_000;

describe('The pace of renewing tokens ahead of need', () => {
  let store: SqliteKeyValueStore;
  let now: number;
  beforeEach(() => {
    Logger.overrideLogger(false);
    now = 1_000;
    store = new SqliteKeyValueStore(openDatabase(':memory:'), { now: () => now });
  });
  afterEach(() => store.close());

  const pace = (perSecond = 1_000) =>
    new RefreshPace(store, oauthClient('http://provider.test', { refreshesAheadPerSecond: perSecond }), () => now);
  const failing = (count: number, one = pace()): RefreshPace => {
    for (let failure = 0; failure < count; failure += 1) one.failed();
    return one;
  };

  it('is so many a second, of all replicas together', async () => {
    const [one, other] = [pace(6), pace(6)];
    const waits = await Promise.all(Array.from({ length: 10 }, () => [one.waitMs(), other.waitMs()]).flat());
    expect(waits.filter((ms) => ms === 0)).toHaveLength(6);
    expect(waits.filter((ms) => ms > 0 && ms <= 1_000)).toHaveLength(14);
  });

  it('is another’s own for another integration', async () => {
    const other = new RefreshPace(store, { ...oauthClient('http://provider.test'), integration: 'other' });
    const one = pace(1);
    await one.waitMs();
    expect(await other.waitMs()).toBe(0);
  });

  it('bears some failures', async () => {
    expect(await failing(4).waitMs()).toBe(0);
    const recovered = failing(4);
    recovered.succeeded();
    expect(await failing(4, recovered).waitMs()).toBe(0);
  });

  it('pauses when one after the other fails, then lets a single one try, ever more rarely', async () => {
    const one = failing(5);
    let before = 0;
    const pauses: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      const waitMs = await one.waitMs();
      expect(waitMs).toBeGreaterThanOrEqual(before / 2);
      pauses.push(waitMs);
      before = waitMs;
      now += waitMs;
      expect(await one.waitMs()).toBe(0);
      one.failed();
    }
    expect(pauses[0]).toBeLessThanOrEqual(5_000);
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(MINUTE_MS);
    expect(pauses.at(-1)).toBeLessThanOrEqual(2 * MINUTE_MS);
  });

  it('is what it was as soon as one succeeds', async () => {
    const one = failing(5);
    now += await one.waitMs();
    await one.waitMs();
    expect(await one.waitMs()).toBeGreaterThan(0);
    one.succeeded();
    expect(await one.waitMs()).toBe(0);
    expect(await failing(4, one).waitMs()).toBe(0);
  });

  it('waits as long as the provider asks, within reason', async () => {
    const one = pace();
    one.failed(30_000);
    expect(await one.waitMs()).toBe(30_000);
    one.failed(86_400_000);
    expect(await one.waitMs()).toBe(2 * MINUTE_MS);
    now += 2 * MINUTE_MS;
    expect(await one.waitMs()).toBe(0);
  });
});
