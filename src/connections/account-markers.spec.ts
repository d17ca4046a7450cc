import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connection } from './fixtures/connection.ts';
import { openDatabase } from '../storage/sqlite/sqlite-database.ts';
import { SqliteKeyValueStore } from '../storage/sqlite/sqlite-key-value-store.ts';
import { AccountMarkers } from './account-markers.ts';

const DAY_MS = 86_400_000;
const IDLE_TTL_DAYS = 90;

describe('The marker of an account', () => {
  let store: SqliteKeyValueStore;
  let now: number;
  let markers: AccountMarkers;
  beforeEach(() => {
    now = 1_800_000_000_000;
    store = new SqliteKeyValueStore(openDatabase(':memory:'), { now: () => now });
    markers = new AccountMarkers(store, IDLE_TTL_DAYS);
  });
  afterEach(() => store.close());

  const { account, integration, ...owner } = connection();
  const owned = { owner, integration, account };
  const later = (days: number): void => {
    now += days * DAY_MS;
  };
  const connected = async () => {
    const connectionId = await markers.claim(owned);
    if (connectionId === undefined) throw new Error('Somebody was faster.');
    return connection({ connectionId });
  };

  it('outlives a connection that is never used, and ends soon after it', async () => {
    const { connectionId } = await connected();
    later(IDLE_TTL_DAYS + 1);
    expect(await markers.names(owned, connectionId)).toBe(true);
    later(2);
    expect(await markers.names(owned, connectionId)).toBe(false);
  });

  it('lives as long again when the account is connected again', async () => {
    const { connectionId } = await connected();
    later(IDLE_TTL_DAYS - 1);
    expect(await markers.claim(owned)).toBe(connectionId);
    later(IDLE_TTL_DAYS);
    expect(await markers.claim(owned)).toBe(connectionId);
  });

  it('names the same connection to any number that connect it at once', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => markers.claim(owned)));
    expect(new Set(claims).size).toBe(1);
  });

  it('is put back by a use when it has gone', async () => {
    const used = await connected();
    later(IDLE_TTL_DAYS + 3);
    await markers.keepAlive(used);
    expect(await markers.claim(owned)).toBe(used.connectionId);
  });

  it('is left alone by the use of a connection that is being ended, or has given way to another', async () => {
    const ended = await connected();
    await markers.free(ended);
    await markers.keepAlive(ended);
    const { connectionId } = await connected();
    expect(connectionId).not.toBe(ended.connectionId);
    await markers.keepAlive(ended);
    expect(await markers.names(owned, connectionId)).toBe(true);
  });
});
