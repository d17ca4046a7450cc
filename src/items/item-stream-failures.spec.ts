import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { listing, TreeSource } from './fixtures/tree-source.ts';
import type { ProviderPageRequest } from './item-source.ts';
import { ItemStream } from './item-stream.ts';
import { startOf, type LoadPosition } from './load-position.ts';

const QUERY = { itemTypes: ['page', 'user'] };
const REFUSED = new PatchbayError('provider_error', 'no', { provider_status: 403 });
const REFUSED_PAGES = { item_type: 'page', error: 'provider_error', message: 'no' };
/** An outage that asks for longer than anybody waits. */
const LIMITED = new PatchbayError('provider_rate_limited', 'no', { retry_after: 3_600 });
const trees = { page: { '': listing('p', 3) }, user: { '': listing('u', 3) } };

interface Read {
  readonly stream: ItemStream;
  readonly ids: readonly string[];
  /** What the stream ended with. */
  readonly thrown?: unknown;
}

async function readAll(source: TreeSource, signal = new AbortController().signal, from?: LoadPosition): Promise<Read> {
  const stream = new ItemStream(
    () => source,
    { ...QUERY, signal },
    from ?? startOf(QUERY),
    () => undefined,
  );
  const ids: string[] = [];
  try {
    for await (const { items } of stream.pages()) ids.push(...items.map(({ id }) => id));
  } catch (thrown) {
    return { stream, ids, thrown };
  }
  return { stream, ids };
}

/** A source that fails at pages like `user@1`. */
function failingAt(errors: Readonly<Record<string, Error>>, of: ConstructorParameters<typeof TreeSource>[0] = trees) {
  const source = new TreeSource(of);
  source.before = ({ itemType, listing: name = '', position = '0' }) => {
    const error = errors[`${itemType}${name}@${position}`];
    if (error !== undefined) throw error;
  };
  return source;
}

/** The same, where what is named waits until the other types are read. */
function late(source: TreeSource, isLate: (request: ProviderPageRequest) => boolean): TreeSource {
  const { before } = source;
  source.before = async (request) => {
    for (let turns = 0; isLate(request) && turns < 20; turns += 1) await turn();
    await before(request);
  };
  return source;
}

describe('An item type that fails in a stream', () => {
  it('leaves the others, and what it gave before; it is open where it failed', async () => {
    const { stream, ids, thrown } = await readAll(failingAt({ 'page@1': REFUSED }));
    expect(ids.toSorted()).toEqual(['p-0', 'u-0', 'u-1', 'u-2']);
    expect(thrown).toBeUndefined();
    expect(stream.failures).toEqual([REFUSED_PAGES]);
    expect(stream.position.types).toMatchObject([{ open: [{ at: '1' }] }, { open: [] }]);
  });

  // Its failure would be told at the end of a load that had all of it.
  it('hasn’t failed for a load that goes on from there and has it', async () => {
    const cut = await readAll(failingAt({ 'page@1': REFUSED }));
    const position = JSON.parse(JSON.stringify(cut.stream.position)) as LoadPosition;
    const { stream, ids } = await readAll(new TreeSource(trees), undefined, position);
    expect(ids).toEqual(['p-1', 'p-2']);
    expect(stream.failures).toEqual([]);
  });

  it('fails the stream when nothing ever came, of any type', async () => {
    const { ids, thrown } = await readAll(failingAt({ 'page@0': REFUSED, 'user@0': REFUSED }));
    expect([ids, thrown]).toEqual([[], REFUSED]);
  });

  it('fails it with what goes by rather than with what doesn’t: another try may help', async () => {
    for (const errors of [
      { 'page@0': REFUSED, 'user@0': LIMITED },
      { 'page@0': LIMITED, 'user@0': REFUSED },
    ])
      expect((await readAll(failingAt(errors))).thrown).toBe(LIMITED);
  });

  it('is no end when the others are merely empty', async () => {
    const { stream, thrown } = await readAll(failingAt({ 'page@0': REFUSED }, { page: trees.page }));
    expect(thrown).toBeUndefined();
    expect(stream.failures).toEqual([REFUSED_PAGES]);
  });

  it('has a listing that is refused noted once, with the rest of it loaded; and noted still for who goes on', async () => {
    const below = ['a', 'b', 'c'];
    const page = { '': [{ ids: ['top'], below }], a: listing('a', 1), b: listing('b', 1), c: listing('c', 1) };
    const { stream, ids } = await readAll(failingAt({ 'pagea@0': REFUSED, 'pageb@0': REFUSED }, { page, user: {} }));
    expect(ids).toEqual(['top', 'c-0']);
    expect(stream.failures).toEqual([REFUSED_PAGES]);
    const resumed = await readAll(new TreeSource({}), undefined, stream.position);
    expect(resumed.stream.failures).toEqual([REFUSED_PAGES]);
  });
});

describe('An error that is of no item type', () => {
  const WITHDRAWN = new PatchbayError('reauthorization_required', 'gone');

  it('ends the stream, with failures for all that wasn’t had', async () => {
    const source = late(failingAt({ 'user@1': WITHDRAWN }, { ...trees, page: { '': listing('p', 1) } }), (request) => {
      return request.position === '1';
    });
    const { stream, ids, thrown } = await readAll(source);
    expect([ids.toSorted(), thrown]).toEqual([['p-0', 'u-0'], undefined]);
    expect(stream.failures).toEqual([{ item_type: 'user', error: 'reauthorization_required', message: 'gone' }]);
  });

  it('ends it for the types that go well, too, and gives up what is under way', async () => {
    const source = failingAt({ 'user@1': WITHDRAWN });
    const { before } = source;
    source.before = (request) => {
      if (request.itemType === 'page' && request.position === '1') return new Promise(() => undefined);
      return before(request);
    };
    const { stream } = await readAll(source);
    expect(stream.failures.map(({ item_type }) => item_type)).toEqual(['page', 'user']);
    expect(source.requests.find(({ itemType }) => itemType === 'page')?.signal?.aborted).toBe(true);
  });

  it('is told rather than a failure of one type, when nothing ever came', async () => {
    const source = late(failingAt({ 'page@0': REFUSED, 'user@0': WITHDRAWN }), ({ itemType }) => itemType === 'user');
    expect((await readAll(source)).thrown).toBe(WITHDRAWN);
  });

  it('is thrown when it is a fault of ours, whatever came before', async () => {
    const bug = new RangeError('bug');
    const source = late(failingAt({ 'user@1': bug }), ({ itemType }) => itemType === 'user');
    const { ids, thrown } = await readAll(source);
    expect([ids, thrown]).toEqual([['p-0', 'p-1', 'p-2', 'u-0'], bug]);
  });
});

describe('A process that ends', () => {
  const ENDING = new PatchbayError('service_unavailable', 'shutting down', { retry_after: 1 });

  it('ends the stream where it is, and says so of what is open', async () => {
    const end = new AbortController();
    const source = failingAt({});
    source.before = ({ itemType, position, signal }) => {
      if (itemType === 'user' || position !== '2') return;
      end.abort(ENDING);
      signal?.throwIfAborted();
    };
    const { stream, thrown } = await readAll(source, end.signal);
    expect(thrown).toBeUndefined();
    expect(stream.failures[0]).toEqual({ item_type: 'page', error: 'service_unavailable', message: 'shutting down' });
    expect(stream.position.types[0]).toMatchObject({ open: [{ at: '2' }] });
  });

  it('is the reason a stream has nothing, whatever a source makes of it', async () => {
    const end = new AbortController();
    const source = failingAt({});
    source.before = async () => {
      await turn();
      end.abort(ENDING);
      throw new DOMException('aborted', 'AbortError');
    };
    expect((await readAll(source, end.signal)).thrown).toBe(ENDING);
  });
});
