import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IDLE_INDEX, placeOf, refreshIndexOf } from './connection-schedule.ts';
import { aged } from './fixtures/aged-connection.ts';
import { OWNER, refreshBench } from './fixtures/refresh-bench.ts';
import { partitionOf } from './owner.ts';

const MINUTE_MS = 60_000;
const REFRESH_INDEX = refreshIndexOf('acme');

describe('What is due of a connection', () => {
  let bench: ReturnType<typeof refreshBench>;
  beforeEach(() => {
    bench = refreshBench();
  });
  afterEach(() => bench.close());

  const due = (index: string) => bench.store.listDue(index, Number.MAX_SAFE_INTEGER, 10);
  const connect = () => bench.connect('token', { expiresAt: Date.now() + 60 * MINUTE_MS });

  it('is known from its first day: when it is renewed, and when it counts as unused', async () => {
    const { connection } = await connect();
    const member = `${partitionOf(OWNER)}/${connection.connectionId}`;
    expect(await due(REFRESH_INDEX)).toEqual([{ member, dueAtMs: connection.refresh.nextAt }]);
    expect(await due(IDLE_INDEX)).toEqual([{ member, dueAtMs: bench.connections.idleAt(connection) }]);
    expect(placeOf(member)).toEqual({ partition: partitionOf(OWNER), connectionId: connection.connectionId });
  });

  it('is entered before the connection stands, so that no crash can leave one that lapses', async () => {
    const putIfAbsent = bench.store.putIfAbsent.bind(bench.store);
    bench.store.putIfAbsent = async (key, ...written) => {
      if (key.collection === 'connection') throw new Error('It dies here.');
      return putIfAbsent(key, ...written);
    };
    await expect(connect()).rejects.toThrow('It dies here.');
    expect(await due(REFRESH_INDEX)).toHaveLength(1);
    expect(await due(IDLE_INDEX)).toHaveLength(1);
  });

  it('is entered again by a use, should the index have lost it', async () => {
    const read = await connect();
    const [before] = await due(REFRESH_INDEX);
    await bench.store.unschedule(REFRESH_INDEX, before?.member ?? '');
    await bench.store.unschedule(IDLE_INDEX, before?.member ?? '');
    await bench.connections.touch(read, Date.now());
    expect(await due(REFRESH_INDEX)).toEqual([before]);
    expect(await due(IDLE_INDEX)).toHaveLength(1);
  });

  it('is nothing to renew once its grant is dead, nor anything once it is gone', async () => {
    const dead = await aged(bench.connections, await connect(), { status: 'reauthorization_required' });
    await bench.connections.scheduleRefresh(dead.connection);
    expect(await due(REFRESH_INDEX)).toEqual([]);
    expect(await due(IDLE_INDEX)).toHaveLength(1);
    await bench.connections.remove(dead.connection);
    expect(await due(IDLE_INDEX)).toEqual([]);
  });

  it('is found by members of ours alone', () => {
    expect(['', 'one', 'one/two/three'].map(placeOf)).toEqual([undefined, undefined, undefined]);
  });
});
