import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { AppConfig } from '../config/app-config.ts';
import type { ConnectionLifecycle } from '../connections/connection-lifecycle.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { Secret } from '../errors/secret.ts';
import type { KeyValueStore, WalkedRecord } from '../storage/key-value-store.ts';
import { openDatabase } from '../storage/sqlite/sqlite-database.ts';
import { SqliteKeyValueStore } from '../storage/sqlite/sqlite-key-value-store.ts';
import { connection } from '../connections/fixtures/connection.ts';
import { items } from './fixtures/list-source.ts';
import type { KeptPage } from './kept-page.ts';
import { LastLoads, type LoadedFrom } from './last-loads.ts';
import type { LoadPosition } from './load-position.ts';

const QUERY = { itemTypes: ['page'], pageSize: 2 };
const BEGUN: Omit<LoadPosition, 'types'> = { failures: [], page: 0, startedAt: '2026-01-01T00:00:00.000Z' };
const FIRST: LoadPosition = { ...BEGUN, types: [{ open: [{}] }] };
const SECOND: LoadPosition = { ...BEGUN, types: [{ open: [{ at: 'abc' }] }], page: 1 };
const SINCE: LoadPosition = { ...BEGUN, types: [{ open: [{}], since: '1970-01-01T00:00:00.000Z' }] };
const FAILURE = { item_type: 'page', error: 'provider_timeout', message: 'no' };
const MINUTE_MS = 60_000;

const first: LoadedFrom = { connection: connection(), request: QUERY, from: FIRST };
const second: LoadedFrom = { ...first, from: SECOND };

function page(changes: Partial<KeptPage> = {}): KeptPage {
  return { items: items('page', 2), failures: [], as_of: new Date().toISOString(), next: SECOND, ...changes };
}

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const KEY = newKey('k1');

/** One replica's, over a store that it may share. */
function lastLoads(store: KeyValueStore, changes: { ttlHours?: number; keys?: string; stands?: () => boolean } = {}) {
  const { ttlHours = 24, keys = KEY, stands = () => true } = changes;
  const lifecycle = {
    isStanding: () => Promise.resolve(stands()),
    onGrantGone: () => undefined,
  } as unknown as ConnectionLifecycle;
  const config = Object.assign(Object.create(AppConfig.prototype) as AppConfig, { staleLoadTtlHours: ttlHours });
  return new LastLoads(store, new CredentialCipher(KeyRing.parse(new Secret(keys))), lifecycle, config);
}

async function keep(loads: LastLoads, loaded: LoadedFrom, kept: KeptPage): Promise<void> {
  loads.keep(loaded, kept);
  await loads.settled();
}

describe('A load that is kept', () => {
  let store: SqliteKeyValueStore;
  let loads: LastLoads;

  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new SqliteKeyValueStore(openDatabase(':memory:'));
    loads = lastLoads(store);
  });
  afterEach(async () => {
    jest.useRealTimers();
    await store.close();
  });

  const records = async (): Promise<readonly WalkedRecord[]> => [
    ...(await store.walk('kept-page', 100)).records,
    ...(await store.walk('kept-index', 100)).records,
  ];
  /** Of a page, as the store counts its writes. */
  const writes = async () => (await store.walk('kept-page', 100)).records.map(({ version }) => version);

  it('is what it was', async () => {
    const kept = page({ items: items('páge 💥', 2), failures: [FAILURE] });
    await keep(loads, first, kept);
    expect(await loads.find(first)).toEqual(kept);
    expect(await lastLoads(store).find(first)).toEqual(kept);
  });

  it('is found again by a load that begins at another time', async () => {
    await keep(loads, first, page());
    expect(await loads.find({ ...first, from: { ...FIRST, startedAt: '2026-01-02T00:00:00.000Z' } })).toBeDefined();
  });

  it('is found again by a position that has gone through a cursor', async () => {
    await keep(loads, first, page());
    await keep(loads, second, page());
    const from = JSON.parse(JSON.stringify(SECOND)) as LoadPosition;
    expect(await loads.find({ ...first, from })).toBeDefined();
  });

  it.each<[string, Partial<LoadedFrom>]>([
    ['another connection', { connection: connection({ connectionId: 'con_other' }) }],
    ['another grant of the same connection', { connection: connection({ authorizedAt: 1 }) }],
    ['a grant to another client', { connection: connection({ clientId: 'client-2' }) }],
    ['other item types', { request: { ...QUERY, itemTypes: ['page', 'database'] } }],
    ['pages of another size', { request: { ...QUERY, pageSize: 3 } }],
    ['what has changed since a time', { from: SINCE }],
    ['another page', { from: { ...FIRST, page: 1 } }],
    ['a page that begins elsewhere', { from: { ...FIRST, types: SECOND.types } }],
    ['a page on whose way something failed', { from: { ...FIRST, failures: [FAILURE] } }],
  ])('is none of %s', async (_what, other) => {
    await keep(loads, first, page());
    expect(await loads.find({ ...first, ...other })).toBeUndefined();
  });

  // However few items they are: a page of them could be megabytes, and the store away.
  it('is none that comes while 16 MB of others wait to be kept', async () => {
    const large = items('page', 2).map((item) => ({
      ...item,
      name: 'x'.repeat(500_000),
      children: ['x'.repeat(50_000)],
    }));
    const many = Array.from({ length: 12 }, (_, index) => connection({ connectionId: `con_${index}` }));
    for (const one of many) loads.keep({ ...first, connection: one }, page({ items: large }));
    await loads.settled();
    expect((await store.walk('kept-page', 100)).records).toHaveLength(7);
    await keep(loads, first, page({ items: large }));
    expect(await loads.find(first)).toBeDefined();
  });

  it('can’t be read in the store, and doesn’t show whose it is', async () => {
    await keep(loads, first, page());
    const stored = JSON.stringify(await records());
    expect(stored).toContain('pb1.k1.');
    expect(stored).not.toMatch(/page-0|ann|acme|con_|abc/);
  });

  it('can’t be passed off as another page, or as another connection’s', async () => {
    await keep(loads, first, page({ items: items('first', 1) }));
    await keep(loads, second, page({ items: items('second', 1) }));
    const pages = (await store.walk('kept-page', 100)).records;
    for (const { key, value } of pages) {
      for (const other of pages) if (other.key.id !== key.id) await store.put(other.key, value);
    }
    expect(await loads.find(second)).toBeUndefined();
    const other = { ...first, connection: connection({ connectionId: 'con_other' }) };
    await keep(loads, other, page());
    const [foreign] = (await store.walk('kept-page', 100)).records.filter(
      ({ key }) => !pages.some((one) => one.key.id === key.id),
    );
    if (foreign === undefined) throw new Error('The other connection has no page.');
    await store.put(foreign.key, pages[0]?.value ?? '');
    expect(await loads.find(other)).toBeUndefined();
  });

  it('is gone when its key is, or when it was altered: a load less, and no error', async () => {
    await keep(loads, first, page());
    expect(await lastLoads(store, { keys: newKey('k2') }).find(first)).toBeUndefined();
    expect(await lastLoads(store, { keys: `${newKey('k2')},${KEY}` }).find(first)).toBeDefined();
    for (const { key, value } of await records()) await store.put(key, value.replace(/.{4}$/, 'AAAA'));
    expect(await loads.find(first)).toBeUndefined();
  });

  it('ends after STALE_LOAD_TTL_HOURS, counted from when it was loaded', async () => {
    const as_of = new Date(Date.now() - 2 * 60 * MINUTE_MS).toISOString();
    await keep(loads, first, page({ as_of }));
    expect(await lastLoads(store, { ttlHours: 3 }).find(first)).toBeDefined();
    expect(await lastLoads(store, { ttlHours: 2 }).find(first)).toBeUndefined();
    for (const { ttlSeconds = Infinity } of await records()) expect(ttlSeconds).toBeLessThanOrEqual(24 * 3600);
  });

  it('isn’t, with STALE_LOAD_TTL_HOURS=0', async () => {
    await keep(loads, first, page());
    const off = lastLoads(store, { ttlHours: 0 });
    expect(await off.find(first)).toBeUndefined();
    await keep(off, second, page());
    expect(await records()).toHaveLength(2);
  });

  it('is written once in five minutes, by all replicas together', async () => {
    jest.useFakeTimers({ now: Date.now(), doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
    const other = lastLoads(store);
    for (const replica of [loads, loads, other, other]) await keep(replica, first, page());
    expect(await writes()).toEqual([1]);
    const asked = jest.spyOn(store, 'get');
    await keep(loads, first, page());
    expect(asked).not.toHaveBeenCalled();
    jest.setSystemTime(Date.now() + 5 * MINUTE_MS);
    const later = page();
    for (const replica of [loads, loads, other, other]) await keep(replica, first, later);
    expect(await writes()).toEqual([2]);
    expect(await other.find(first)).toEqual(later);
  });

  it('makes room at once for a complete one where something was missing, and not the other way round', async () => {
    await keep(loads, first, page({ failures: [FAILURE] }));
    await keep(loads, first, page());
    expect((await loads.find(first))?.failures).toEqual([]);
    await keep(lastLoads(store), first, page({ failures: [FAILURE] }));
    expect((await loads.find(first))?.failures).toEqual([]);
  });

  it('is no page that is too large, nor are those behind it', async () => {
    const noise = items('x', 1000).map((item) => ({ ...item, name: randomBytes(400).toString('base64') }));
    await keep(loads, first, page({ items: noise }));
    const huge = items('x', 30).map((item) => ({ ...item, name: 'a'.repeat(100_000) }));
    await keep(loads, first, page({ items: huge }));
    await keep(loads, second, page());
    expect(await records()).toEqual([]);
  });

  it('goes with its grant, from the store too', async () => {
    await keep(loads, first, page());
    await keep(loads, second, page());
    const other = { ...first, connection: connection({ connectionId: 'con_other' }) };
    await keep(loads, other, page());
    await loads.forget(first.connection.connectionId);
    expect(await loads.find(first)).toBeUndefined();
    expect(await loads.find(other)).toBeDefined();
    expect(await records()).toHaveLength(2);
  });

  it('doesn’t outlive a grant that ended while it was being kept', async () => {
    await keep(loads, first, page());
    await keep(lastLoads(store, { stands: () => false }), second, page());
    expect(await records()).toEqual([]);
  });

  it('is for a store that works: what can’t be written fails nobody, and is tried again', async () => {
    jest.spyOn(store, 'putIfAbsent').mockRejectedValueOnce(new Error('full'));
    await keep(loads, first, page());
    expect(await loads.find(first)).toBeUndefined();
    await keep(loads, first, page());
    expect(await loads.find(first)).toBeDefined();
  });

  it('is whole when replicas keep its pages at the same time', async () => {
    await keep(loads, first, page());
    const others = [lastLoads(store), lastLoads(store)];
    const elsewhere = (n: number) => ({ ...first, request: { ...QUERY, pageSize: 10 + n } });
    others.forEach((replica, n) => replica.keep(elsewhere(n), page()));
    loads.keep(second, page());
    await Promise.all([loads, ...others].map((replica) => replica.settled()));
    for (const one of [first, second, elsewhere(0), elsewhere(1)]) expect(await loads.find(one)).toBeDefined();
    await loads.forget(first.connection.connectionId);
    expect(await records()).toEqual([]);
  });
});
