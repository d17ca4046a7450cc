import { describe, expect, it, jest } from '@jest/globals';
import { ApiFailure } from '../api/api-failure.ts';
import type { Connection, IntegrationItem, ItemPage, LoadRequest } from '../api/types.ts';
import { ItemLoads, type ItemLoad, type LoadEnvironment } from './item-loads.ts';

const OWNER = { userId: 'ada', orgId: 'acme' };
const CONNECTION = { connection_id: 'c1', integration: 'notion' } as Connection;

function page(count: number, nextCursor: string | null, overrides: Partial<ItemPage> = {}): ItemPage {
  const items = Array.from({ length: count }, () => ({ name: 'item' }) as IntegrationItem);
  const plain = { complete: nextCursor === null, stale: false, as_of: '2026-11-20T10:00:00.000Z', failures: [] };
  return { items, next_cursor: nextCursor, checkpoint: null, changes: [], ...plain, ...overrides };
}

function failure(code: string, retryAfterSeconds?: number): ApiFailure {
  return new ApiFailure({ status: code === 'rate_limited' ? 429 : 503, code, message: code, retryAfterSeconds });
}

function stage(answers: (ItemPage | ApiFailure)[]) {
  const asked: LoadRequest[] = [];
  const pause = jest.fn<LoadEnvironment['pause']>(() => Promise.resolve());
  const settled = jest.fn<LoadEnvironment['settled']>();
  const loadItems = (_integration: string, body: LoadRequest): Promise<ItemPage> => {
    asked.push(body);
    const answer = answers.shift();
    if (answer instanceof ApiFailure) return Promise.reject(answer);
    // Nothing left to say: an answer that never comes.
    return answer ? Promise.resolve(answer) : new Promise(() => undefined);
  };
  const loads = new ItemLoads({ api: { loadItems }, pause, settled });
  const current = (): ItemLoad | undefined => loads.loads.get()[0];
  return { loads, asked, pause, settled, current };
}

describe("loading a connection's items", () => {
  it('follows the cursors to the end', async () => {
    const { loads, asked, settled, current } = stage([page(2, 'k1'), page(2, 'k2'), page(1, null)]);
    await loads.start(OWNER, CONNECTION);
    expect(current()).toMatchObject({ count: 5, complete: true, phase: { name: 'done' } });
    expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, 'k1', 'k2']);
    expect(asked[0]).toEqual({ user_id: 'ada', org_id: 'acme', connection_id: 'c1', page_size: 200 });
    expect(settled).toHaveBeenCalledWith(OWNER);
  });

  it('keeps what it has when a page fails, and goes on from there', async () => {
    const down = failure('provider_unavailable', 5);
    const { loads, asked, current } = stage([page(2, 'k1'), down, page(1, null)]);
    await loads.start(OWNER, CONNECTION);
    expect(current()).toMatchObject({ count: 2, cursor: 'k1', phase: { name: 'failed', failure: down } });
    await loads.resume('c1');
    expect(current()).toMatchObject({ count: 3, phase: { name: 'done' } });
    expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, 'k1', 'k1']);
  });

  it('waits for our own request limit by itself', async () => {
    const { loads, pause, current } = stage([page(2, 'k1'), failure('rate_limited', 12), page(1, null)]);
    await loads.start(OWNER, CONNECTION);
    expect(pause.mock.calls.map(([delayMs]) => delayMs)).toEqual([12_000]);
    expect(current()).toMatchObject({ count: 3, phase: { name: 'done' } });
  });

  it('gives up on a request limit that never ends', async () => {
    const limited = failure('rate_limited', 1);
    const { loads, current } = stage([limited, limited, limited, limited]);
    await loads.start(OWNER, CONNECTION);
    expect(current()?.phase).toEqual({ name: 'failed', failure: limited });
  });

  it('stops at once and takes nothing that comes later', async () => {
    let answer: (page: ItemPage) => void = () => undefined;
    const answered = new Promise<ItemPage>((resolve) => (answer = resolve));
    const loads = new ItemLoads({
      api: { loadItems: () => answered },
      pause: () => Promise.resolve(),
      settled: () => undefined,
    });
    const ended = loads.start(OWNER, CONNECTION);
    loads.stop('c1');
    answer(page(2, 'k1'));
    await ended;
    expect(loads.loads.get()[0]).toMatchObject({ count: 0, phase: { name: 'stopped' } });
  });

  it('hands the provider calls a signal that Stop aborts', () => {
    const signals: (AbortSignal | undefined)[] = [];
    const loadItems: LoadEnvironment['api']['loadItems'] = (_integration, _body, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    const loads = new ItemLoads({ api: { loadItems }, pause: () => Promise.resolve(), settled: () => undefined });
    void loads.start(OWNER, CONNECTION);
    loads.stop('c1');
    expect(signals[0]?.aborted).toBe(true);
  });

  it('names what could not be had once, however many pages say so', async () => {
    const failures = [{ item_type: 'page', error: 'provider_error', message: 'no' }];
    const { loads, current } = stage([page(1, 'k1', { failures }), page(1, null, { failures, complete: false })]);
    await loads.start(OWNER, CONNECTION);
    expect(current()).toMatchObject({ failures, complete: false });
  });

  it('remembers that it is showing an earlier load', async () => {
    const asOf = '2026-11-01T00:00:00Z';
    const { loads, current } = stage([page(1, null, { stale: true, as_of: asOf })]);
    await loads.start(OWNER, CONNECTION);
    expect(current()).toMatchObject({ stale: true, staleAsOf: asOf });
  });

  it('does not go round in circles on a cursor that repeats', async () => {
    const { loads, current } = stage([page(1, 'k1'), page(1, 'k1')]);
    await loads.start(OWNER, CONNECTION);
    expect(current()?.phase).toMatchObject({ name: 'failed', failure: { code: 'cursor_repeated' } });
  });

  it('forgets an earlier load when it starts over', async () => {
    const { loads, current } = stage([page(2, null), page(1, null)]);
    await loads.start(OWNER, CONNECTION);
    await loads.start(OWNER, CONNECTION);
    expect(loads.loads.get()).toHaveLength(1);
    expect(current()?.count).toBe(1);
  });
});
