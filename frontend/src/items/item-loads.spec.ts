import { describe, expect, it, jest } from '@jest/globals';
import { ApiFailure } from '../api/api-failure.ts';
import type { OpenedStream } from '../api/stream-call.ts';
import type { Connection, ItemPage, LoadRequest, StreamLine } from '../api/types.ts';
import { item } from './item-factory.ts';
import type { ItemLoad } from './item-load.ts';
import { ItemLoads, type ItemLoadsEnvironment } from './item-loads.ts';

const OWNER = { userId: 'ada', orgId: 'acme' };
const CONNECTION = { connection_id: 'c1', integration: 'notion' } as Connection;
const QUERY = { user_id: 'ada', org_id: 'acme', connection_id: 'c1' };
const AS_OF = '2026-11-01T00:00:00Z';

const items = (...ids: string[]): StreamLine[] => ids.map((id) => ({ item: item(id) }));
const end = (over: Partial<NonNullable<StreamLine['end']>> = {}): StreamLine => ({
  end: { loaded: 0, complete: true, failures: [], checkpoint: 'last', changes: [], ...over },
});
const progress = (over: Partial<NonNullable<StreamLine['progress']>>): StreamLine => ({
  progress: { item_type: 'page', loaded: 0, pages: 0, total: null, waits: 0, waiting_in: null, done: false, ...over },
});
const missing = (error: string) => [{ item_type: 'page', error, message: 'no' }];
const earlier = (...ids: string[]): ItemPage => ({
  ...{ items: ids.map((id) => item(id)), next_cursor: null, checkpoint: null, changes: [] },
  ...{ complete: true, stale: true, as_of: AS_OF, failures: [] },
});

function failure(code: string, retryAfterSeconds?: number): ApiFailure {
  return new ApiFailure({ status: code === 'rate_limited' ? 429 : 503, code, message: code, retryAfterSeconds });
}

/** A stream says its lines and ends, breaks off when a failure is among them, or never comes when there is none left. */
type Script = (StreamLine | ApiFailure)[] | ApiFailure;

function stage(streams: Script[], pages: (ItemPage | ApiFailure)[] = []) {
  const asked: LoadRequest[] = [];
  const askedPages: LoadRequest[] = [];
  const signals: AbortSignal[] = [];
  const pause = jest.fn<ItemLoadsEnvironment['pause']>(() => Promise.resolve());
  const settled = jest.fn<ItemLoadsEnvironment['settled']>();
  const api: ItemLoadsEnvironment['api'] = {
    streamItems: (_integration, body, signal) => {
      asked.push(body);
      signals.push(signal);
      const script = streams.shift();
      if (script instanceof ApiFailure) return Promise.reject(script);
      return script ? Promise.resolve({ requestId: 'r1', chunks: said(script) }) : new Promise(() => undefined);
    },
    loadItems: (_integration, body) => {
      askedPages.push(body);
      const page = pages.shift() ?? failure('provider_unavailable');
      return page instanceof ApiFailure ? Promise.reject(page) : Promise.resolve(page);
    },
  };
  const soon = (act: () => void): void => act();
  const breathe = (): Promise<void> => Promise.resolve();
  const loads = new ItemLoads({ api, pause, settled, breathe, soon, nowMs: () => 1_000 });
  const current = (): ItemLoad | undefined => loads.loads.get()[0];
  return { loads, asked, askedPages, signals, pause, settled, current };
}

async function* said(script: (StreamLine | ApiFailure)[]): OpenedStream['chunks'] {
  for (const line of script) {
    await Promise.resolve();
    if (line instanceof ApiFailure) throw line;
    yield new TextEncoder().encode(`${JSON.stringify(line)}\n`);
  }
}

describe("loading a connection's items", () => {
  it('reads its stream to the end', async () => {
    const { loads, asked, settled, current } = stage([[...items('a', 'b'), progress({ done: true }), end()]]);
    await loads.start(OWNER, CONNECTION);
    expect(current()).toMatchObject({ count: 2, complete: true, phase: { name: 'done' }, requestId: 'r1' });
    expect(current()?.types).toMatchObject([{ itemType: 'page', loaded: 2, done: true }]);
    expect(asked).toEqual([QUERY]);
    expect(settled).toHaveBeenCalledWith(OWNER);
  });

  it('asks for the types that were chosen', async () => {
    const { loads, asked } = stage([[end()]]);
    await loads.start(OWNER, CONNECTION, ['page', 'block']);
    expect(asked).toEqual([{ ...QUERY, item_types: ['page', 'block'] }]);
  });

  it.each([
    ['was cut', [...items('a'), { checkpoint: 'k1' }, ...items('b')]],
    ['broke off', [...items('a'), { checkpoint: 'k1' }, ...items('b'), failure('network_error')]],
    [
      'was ended by a process that ends',
      [...items('a', 'b'), end({ complete: false, failures: missing('service_unavailable'), checkpoint: 'k1' })],
    ],
  ])('goes on from the last checkpoint by itself when it %s, with nothing twice', async (_how, first) => {
    const { loads, asked, pause, current } = stage([first, [...items('b', 'c'), end()]]);
    await loads.start(OWNER, CONNECTION);
    expect(current()).toMatchObject({ count: 3, complete: true, failures: [], phase: { name: 'done' } });
    expect(asked).toEqual([QUERY, { ...QUERY, checkpoint: 'k1' }]);
    expect(pause.mock.calls.map(([delayMs]) => delayMs)).toEqual([1_000]);
  });

  it('waits for our own request limit by itself', async () => {
    const { loads, pause, current } = stage([failure('rate_limited', 12), [...items('a'), end()]]);
    await loads.start(OWNER, CONNECTION);
    expect(pause.mock.calls.map(([delayMs]) => delayMs)).toEqual([12_000]);
    expect(current()).toMatchObject({ count: 1, phase: { name: 'done' } });
  });

  it('gives up on a network that stays away, and keeps what it has', async () => {
    const away = failure('network_error');
    const { loads, current } = stage([[...items('a'), away], away, away, away, away, away, away, away]);
    await loads.start(OWNER, CONNECTION);
    expect(current()).toMatchObject({ count: 1, phase: { name: 'failed', failure: away } });
  });

  it('stops at once, takes nothing that comes later, and goes on when told to', async () => {
    const { loads, signals, asked, current } = stage([[...items('a'), { checkpoint: 'k1' }, ...items('b', 'c')]]);
    const ended = loads.start(OWNER, CONNECTION);
    loads.stop('c1');
    await ended;
    expect(signals[0]?.aborted).toBe(true);
    expect(current()).toMatchObject({ count: 0, phase: { name: 'stopped' } });
    void loads.resume('c1');
    expect(asked).toHaveLength(2);
    expect(current()).toMatchObject({ phase: { name: 'loading' } });
  });

  it('says what could not be had, and asks for that alone afterwards', async () => {
    const failures = missing('provider_error');
    const { loads, asked, current } = stage([
      [...items('a'), progress({}), end({ complete: false, failures })],
      [...items('b'), end()],
    ]);
    await loads.start(OWNER, CONNECTION);
    expect(current()).toMatchObject({ count: 1, complete: false, failures, phase: { name: 'done' } });
    await loads.resume('c1');
    expect(current()).toMatchObject({ count: 2, complete: true, failures: [] });
    expect(asked[1]).toEqual({ ...QUERY, checkpoint: 'last' });
  });

  it('fails when nothing of what was asked for could be had', async () => {
    const { loads, current } = stage([[progress({}), end({ complete: false, failures: missing('forbidden') })]]);
    await loads.start(OWNER, CONNECTION);
    expect(current()?.phase).toMatchObject({ name: 'failed', failure: { code: 'forbidden', requestId: 'r1' } });
  });

  it('tells until when the provider makes it wait', async () => {
    const { loads, current } = stage([[progress({ waits: 1, waiting_in: 12 }), ...items('a'), end()]]);
    const seen = new Set<number | null | undefined>();
    loads.loads.subscribe(() => seen.add(current()?.types[0]?.waitingUntilMs));
    await loads.start(OWNER, CONNECTION);
    expect(seen).toContain(13_000);
    expect(current()?.types).toMatchObject([{ waits: 1, waitingUntilMs: null }]);
  });

  describe('while the provider is away', () => {
    it('shows an earlier load, and why', async () => {
      const away = failure('provider_unavailable');
      const { loads, askedPages, current } = stage([away], [earlier('a', 'b')]);
      await loads.start(OWNER, CONNECTION);
      expect(current()).toMatchObject({ count: 2, earlier: { asOf: AS_OF, failure: away }, phase: { name: 'done' } });
      expect(askedPages).toEqual([{ ...QUERY, page_size: 100 }]);
    });

    it('says what failed when there is no earlier load', async () => {
      const away = failure('provider_timeout');
      const { loads, current } = stage([away]);
      await loads.start(OWNER, CONNECTION);
      expect(current()).toMatchObject({ count: 0, earlier: null, phase: { name: 'failed', failure: away } });
    });

    it('shows an earlier load while a stream waits, and the current items as soon as they come', async () => {
      const waiting = progress({ waits: 2, waiting_in: 4 });
      const { loads, current } = stage([[waiting, waiting, ...items('new'), end()]], [earlier('old', 'older')]);
      const seen = new Set<number>();
      loads.loads.subscribe(() => seen.add(current()?.earlier ? (current()?.count ?? 0) : -1));
      await loads.start(OWNER, CONNECTION);
      expect(seen).toContain(2);
      expect(current()).toMatchObject({ count: 1, earlier: null, phase: { name: 'done' } });
    });

    it('never shows an earlier load beside current items', async () => {
      const { loads, askedPages, current } = stage([[...items('a'), progress({ waits: 2, waiting_in: 4 }), end()]]);
      await loads.start(OWNER, CONNECTION);
      expect([askedPages, current()?.earlier]).toEqual([[], null]);
    });
  });

  it('forgets an earlier load when it starts over', async () => {
    const { loads, current } = stage([
      [...items('a', 'b'), end()],
      [...items('c'), end()],
    ]);
    await loads.start(OWNER, CONNECTION);
    await loads.start(OWNER, CONNECTION);
    expect(loads.loads.get()).toHaveLength(1);
    expect(current()?.count).toBe(1);
  });

  it('is gone when it is closed', async () => {
    const { loads } = stage([[end()]]);
    await loads.start(OWNER, CONNECTION);
    loads.closeAll();
    expect(loads.loads.get()).toEqual([]);
  });
});
