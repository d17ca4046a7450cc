import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { oauthClient } from '../oauth/fixtures/oauth-client.ts';
import { OWNER, refreshBench, type RefreshBench } from './fixtures/refresh-bench.ts';

const MINUTE_MS = 60_000;
const CLIENT = oauthClient('http://provider.test');

describe('The last use of a connection', () => {
  let bench: RefreshBench;
  let replica: RefreshBench;
  beforeEach(() => {
    bench = refreshBench();
    replica = refreshBench(bench);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await replica.close();
    await bench.close();
  });

  const storedUse = async () => (await bench.connections.find(OWNER, 'acme'))?.connection.lastUsedAt;

  it('is told at once, and written in the background, not by the use', async () => {
    await bench.connect('token');
    const writes = jest.spyOn(bench.store, 'compareAndSet');
    for (let use = 0; use < 100; use += 1) await bench.tokens.use(CLIENT, { owner: OWNER });
    const used = await bench.tokens.use(CLIENT, { owner: OWNER });
    expect(writes).not.toHaveBeenCalled();
    const [listed] = (await bench.connections.list(OWNER)).map((connection) => bench.uses.known(connection));
    expect(listed?.lastUsedAt).toBe(used.connection.lastUsedAt);
    expect(await storedUse()).toBeNull();

    await bench.uses.flush();
    expect(writes).toHaveBeenCalledTimes(2);
    expect(await storedUse()).toBe(used.connection.lastUsedAt);
  });

  it('is written again only when it is minutes later, or nobody will be there to do so', async () => {
    const read = await bench.connect('token');
    const now = Date.now();
    bench.uses.note(read, now);
    await bench.uses.flush();
    const again = async (usedAt: number) => bench.uses.note(await bench.connections.reread(read), usedAt);
    await again(now + MINUTE_MS);
    await bench.uses.flush();
    expect(await storedUse()).toBe(now);
    await again(now + 10 * MINUTE_MS);
    await bench.uses.flush();
    expect(await storedUse()).toBe(now + 10 * MINUTE_MS);
    await again(now + 11 * MINUTE_MS);
    await bench.uses.onApplicationShutdown();
    expect(await storedUse()).toBe(now + 11 * MINUTE_MS);
  });

  it('is written in the end when no other follows', async () => {
    const read = await bench.connect('token');
    const now = Date.now();
    const twice = async () => {
      bench.uses.note(await bench.connections.reread(read), now - 11 * MINUTE_MS);
      await bench.uses.flush();
      bench.uses.note(await bench.connections.reread(read), now - 10 * MINUTE_MS);
    };
    await twice();
    await bench.uses.flush();
    expect(await storedUse()).toBe(now - 10 * MINUTE_MS);
  });

  it('holds up no shutdown for long when the store is slow', async () => {
    const { connection, ...read } = await bench.connect('token');
    for (let number = 0; number < 100; number += 1) {
      bench.uses.note({ ...read, connection: { ...connection, connectionId: `con_${number}` } }, Date.now());
    }
    let now = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const asked = jest.spyOn(bench.connections, 'find').mockImplementation(() => {
      now += 1_000;
      return Promise.resolve(undefined);
    });
    await bench.uses.onApplicationShutdown();
    expect(asked.mock.calls.length).toBeLessThan(20);
  });

  it('stays the last when a replica writes an earlier one afterwards', async () => {
    const read = await bench.connect('token');
    const now = Date.now();
    bench.uses.note(read, now);
    replica.uses.note(read, now + MINUTE_MS);
    await replica.uses.flush();
    await bench.uses.flush();
    expect(await storedUse()).toBe(now + MINUTE_MS);
  });

  it('is tried again when the store failed, and forgotten with the connection', async () => {
    const read = await bench.connect('token');
    bench.uses.note(read, Date.now());
    bench.store.failingWrites = 1;
    await bench.uses.flush();
    expect(await storedUse()).toBeNull();
    await bench.uses.flush();
    expect(await storedUse()).toEqual(expect.any(Number));
    bench.uses.note(read, Date.now() + 20 * MINUTE_MS);
    await bench.connections.remove(read.connection);
    await bench.uses.flush();
    expect(await bench.connections.list(OWNER)).toEqual([]);
  });
});
