import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { stopClock } from '../outbound/fixtures/stopped-clock.ts';
import { listing, TreeSource } from './fixtures/tree-source.ts';
import { startOf, type LoadPosition } from './load-position.ts';
import { NdjsonSink } from './ndjson-sink.ts';
import { StreamedLoad, type StreamPlan } from './streamed-load.ts';

interface Line {
  readonly item?: { readonly id: string; readonly integration: string; readonly connection_id: string };
  readonly progress?: { readonly item_type: string; readonly loaded: number; readonly done: boolean };
  readonly checkpoint?: string;
  readonly end?: { readonly loaded: number; readonly failures: unknown; readonly checkpoint: string };
}

const ITEM_TYPES = ['page', 'user'];
const trees = { page: { '': listing('p', 3) }, user: { '': listing('u', 2) } };
const never = (): Promise<void> => new Promise(() => undefined);

let errors: unknown[];
// No second passes, so that no progress is told in between, unless a test lets it pass.
beforeEach(() => {
  stopClock();
  errors = [];
  Logger.overrideLogger({
    log: () => undefined,
    warn: () => undefined,
    error: (error: unknown) => void errors.push(error),
  });
});
afterEach(() => {
  jest.useRealTimers();
  Logger.overrideLogger(false);
});

function planOf(source: TreeSource, changes: Partial<StreamPlan> = {}): StreamPlan {
  return {
    sourceOf: () => source,
    query: { itemTypes: ITEM_TYPES, signal: new AbortController().signal },
    from: startOf({ itemTypes: ITEM_TYPES }),
    integration: 'notion',
    connectionId: 'con_1',
    checkpoint: (position) => JSON.stringify(position),
    lastCheckpoint: (position) => `last ${JSON.stringify(position)}`,
    changes: [],
    ...changes,
  };
}

interface Running {
  readonly to: PassThrough;
  /** What was written by now. */
  readonly text: () => string;
  readonly lines: () => readonly Line[];
  readonly ended: Promise<readonly Line[]>;
}

function running(plan: StreamPlan): Running {
  const to = new PassThrough();
  let text = '';
  to.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const lines = (): readonly Line[] => {
    const whole = text.split('\n').slice(0, -1);
    return whole.map((line) => JSON.parse(line) as Line);
  };
  const ended = new StreamedLoad(plan, new NdjsonSink(to)).run().then(async () => {
    if (!to.destroyed) await once(to.end(), 'end');
    return lines();
  });
  ended.catch(() => undefined);
  return { to, text: () => text, lines, ended };
}

const idsIn = (lines: readonly Line[]) => lines.flatMap(({ item }) => (item === undefined ? [] : [item.id]));
const internalError = (item_type: string) => ({
  item_type,
  error: 'internal_error',
  message: 'Something went wrong on our side.',
});

/** A source that does something else at the second page of `page`. */
function sourceWith(second: () => void | Promise<void>): TreeSource {
  const source = new TreeSource(trees);
  source.before = ({ itemType, position }) => (itemType === 'page' && position === '1' ? second() : undefined);
  return source;
}

describe('A load written as lines', () => {
  it('has every item with where it came from, how far each type came, and its end as the last line', async () => {
    const changes = [{ item_type: 'page', found_by: 'provider', deletions: true }] as const;
    const lines = await running(planOf(new TreeSource(trees), { changes })).ended;
    expect(idsIn(lines).toSorted()).toEqual(['p-0', 'p-1', 'p-2', 'u-0', 'u-1']);
    expect(lines[0]?.item).toMatchObject({ type: 'page', integration: 'notion', connection_id: 'con_1' });
    expect(lines.slice(-3)).toMatchObject([
      { progress: { item_type: 'page', loaded: 3, pages: 3, done: true } },
      { progress: { item_type: 'user', loaded: 2, pages: 2, done: true } },
      { end: { loaded: 5, complete: true, failures: [], changes } },
    ]);
    expect(lines.filter(({ end }) => end !== undefined)).toHaveLength(1);
    expect(lines.at(-1)?.end?.checkpoint).toMatch(/^last .*"open":\[\]/);
  });

  it('has each item as JSON would have it, whatever is in it', async () => {
    const id = '"}\n{"💥\u2028\u2029';
    const { ended, text } = running(planOf(new TreeSource({ page: { '': [{ ids: [id] }] } })));
    const [line] = await ended;
    expect(line?.item?.id).toBe(id);
    // To some readers of lines these end one, though not to JSON.
    expect(text()).not.toMatch(/[\u2028\u2029]/);
  });

  it('says of a type that was had before it went on that it is done', async () => {
    const from: LoadPosition = { ...startOf({ itemTypes: ITEM_TYPES }), types: [{ open: [] }, { open: [{}] }] };
    const lines = await running(planOf(new TreeSource(trees), { from })).ended;
    expect(idsIn(lines)).toEqual(['u-0', 'u-1']);
    const { progress } = lines.find((line) => line.progress?.item_type === 'page') ?? {};
    expect(progress).toMatchObject({ loaded: 0, done: true });
  });

  it('says what could not be had, and is not complete', async () => {
    const source = sourceWith(() => {
      throw new PatchbayError('provider_error', 'no', { provider_status: 403 });
    });
    const lines = await running(planOf(source)).ended;
    expect(lines.at(-1)).toMatchObject({
      end: { loaded: 3, complete: false, failures: [{ item_type: 'page', error: 'provider_error', message: 'no' }] },
    });
    expect(errors).toEqual([]);
  });

  it('fails as a request does when nothing was written yet', async () => {
    const away = new PatchbayError('reauthorization_required', 'no');
    const source = new TreeSource(trees);
    source.before = () => {
      throw away;
    };
    const { ended, lines } = running(planOf(source));
    await expect(ended).rejects.toBe(away);
    expect(lines()).toEqual([]);
  });
});

describe('While a load is written', () => {
  it('its progress is told every second, also while nothing comes', async () => {
    jest.useFakeTimers();
    const source = new TreeSource({ page: { '': listing('p', 1) } });
    source.before = never;
    const { lines } = running(planOf(source));
    await jest.advanceTimersByTimeAsync(999);
    expect(lines()).toEqual([]);
    for (const second of [1, 2, 3]) {
      await jest.advanceTimersByTimeAsync(second === 1 ? 1 : 1_000);
      expect(lines()).toHaveLength(2 * second);
    }
    expect(lines().at(-1)).toMatchObject({ progress: { item_type: 'user', loaded: 0, done: false } });
  });

  it('a wait for the provider is told with how long it takes', async () => {
    jest.useFakeTimers();
    const source = sourceWith(() => {
      throw new PatchbayError('provider_rate_limited', 'no', { retry_after: 30 });
    });
    const { lines } = running(planOf(source));
    await jest.advanceTimersByTimeAsync(2_000);
    const told = lines().filter(({ progress }) => progress?.item_type === 'page');
    expect(told).toMatchObject([
      { progress: { loaded: 1, waits: 1, waiting_in: 29 } },
      { progress: { loaded: 1, waits: 1, waiting_in: 28 } },
    ]);
  });

  it('a checkpoint is told when there is something new, and it leads on from the items before it', async () => {
    jest.useFakeTimers();
    const { lines } = running(planOf(sourceWith(never)));
    await jest.advanceTimersByTimeAsync(3_000);
    const checkpoints = lines().flatMap(({ checkpoint }) => (checkpoint === undefined ? [] : [checkpoint]));
    expect(checkpoints).toHaveLength(1);
    jest.useRealTimers();
    const at = lines().findIndex(({ checkpoint }) => checkpoint !== undefined);
    const from = JSON.parse(checkpoints[0] ?? '') as LoadPosition;
    const rest = await running(planOf(new TreeSource(trees), { from })).ended;
    expect([...idsIn(lines().slice(0, at)), ...idsIn(rest)].toSorted()).toEqual(['p-0', 'p-1', 'p-2', 'u-0', 'u-1']);
  });

  // It came behind a page and led to before it: whoever went on from there had the page twice.
  it('a checkpoint told while a page is being read leads on from behind that page', async () => {
    jest.useFakeTimers();
    let text = '';
    const to = new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        text += chunk;
        setTimeout(done, 1_500);
      },
    });
    void new StreamedLoad(planOf(new TreeSource(trees)), new NdjsonSink(to)).run();
    await jest.advanceTimersByTimeAsync(60_000);
    jest.useRealTimers();
    const lines = text.split('\n').slice(0, -1);
    const told = lines.map((line) => JSON.parse(line) as Line);
    const ats = told.flatMap(({ checkpoint }, at) => (checkpoint === undefined ? [] : [at]));
    expect(ats.length).toBeGreaterThan(1);
    for (const at of ats) {
      const from = JSON.parse(told[at]?.checkpoint ?? '') as LoadPosition;
      const rest = await running(planOf(new TreeSource(trees), { from })).ended;
      expect([...idsIn(told.slice(0, at)), ...idsIn(rest)].toSorted()).toEqual(['p-0', 'p-1', 'p-2', 'u-0', 'u-1']);
    }
  });

  it('nothing is told to a reader who is behind', async () => {
    jest.useFakeTimers();
    const to = new PassThrough({ highWaterMark: 1 });
    void new StreamedLoad(planOf(new TreeSource(trees)), new NdjsonSink(to)).run();
    await jest.advanceTimersByTimeAsync(10_000);
    expect((to.read() as Buffer).toString()).not.toContain('progress');
  });
});

describe('A fault of ours in the middle of a load', () => {
  it('ends it with what was left as failures, and is in the log', async () => {
    const bug = new RangeError('bug');
    const source = new TreeSource(trees);
    source.before = async ({ itemType, position }) => {
      if (itemType !== 'page' || position !== '1') return;
      // Until the other type is read.
      for (let turns = 0; turns < 20; turns += 1) await turn();
      throw bug;
    };
    const lines = await running(planOf(source)).ended;
    expect(lines.at(-1)).toMatchObject({ end: { loaded: 3, complete: false, failures: [internalError('page')] } });
    expect(errors).toEqual([bug]);
    expect(JSON.stringify(lines)).not.toContain('bug');
  });

  it('is thrown when nothing was written yet', async () => {
    const bug = new RangeError('bug');
    const source = new TreeSource(trees);
    source.before = () => {
      throw bug;
    };
    await expect(running(planOf(source)).ended).rejects.toBe(bug);
  });

  // In a timer nobody would catch it, and the process with all its streams would end.
  it('is none when a position is too long for a checkpoint: there is none, and at the end the last there was', async () => {
    jest.useFakeTimers();
    const tooLong = new PatchbayError('provider_protocol_error', 'too long');
    let longs = 0;
    const source = sourceWith(() => {
      throw new PatchbayError('provider_rate_limited', 'no', { retry_after: 3 });
    });
    const write = (position: LoadPosition): string => {
      if (position.types[0]?.open[0]?.at === undefined) return 'short';
      longs += 1;
      throw tooLong;
    };
    const gone = new AbortController();
    const query = { itemTypes: ITEM_TYPES, signal: gone.signal };
    const { ended } = running(planOf(source, { query, checkpoint: write, lastCheckpoint: write }));
    await jest.advanceTimersByTimeAsync(2_000);
    gone.abort(new PatchbayError('service_unavailable', 'shutting down'));
    const lines = await ended;
    expect(longs).toBeGreaterThanOrEqual(2);
    expect(lines.filter(({ checkpoint }) => checkpoint !== undefined)).toEqual([]);
    expect(lines.at(-1)?.end).toMatchObject({ complete: false, checkpoint: 'short' });
  });
});

describe('A reader who has gone', () => {
  it('has the load end quietly, without a word in the log', async () => {
    const gone = new AbortController();
    const source = sourceWith(never);
    const { before } = source;
    source.before = async (request) => {
      const { signal } = request;
      const aborted = new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      });
      await Promise.race([before(request), aborted]);
    };
    const query = { itemTypes: ITEM_TYPES, signal: gone.signal };
    const { to, ended } = running(planOf(source, { query }));
    to.once('data', () => {
      to.destroy();
      gone.abort();
    });
    const lines = await ended;
    expect(lines.some(({ end }) => end !== undefined)).toBe(false);
    expect(errors).toEqual([]);
  });
});
