import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { ConnectionLifecycle } from '../connections/connection-lifecycle.ts';
import { connection } from '../connections/fixtures/connection.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import { listing, TreeSource } from './fixtures/tree-source.ts';
import { ItemLoader, type ItemPage, type Load, type LoadStart } from './item-loader.ts';
import type { LastLoads } from './last-loads.ts';
import { LoadCursors } from './load-cursor.ts';
import { NdjsonSink } from './ndjson-sink.ts';
import { OpenStreams } from './open-streams.ts';
import type { StreamEnd } from './streamed-load.ts';

const REQUEST = { itemTypes: ['page', 'user'], pageSize: 2 };
const LAG_MS = 60_000;
/** Clocks may differ by five minutes as well. */
const BEHIND_MS = LAG_MS + 5 * 60_000;

let streams: OpenStreams;
let loader: ItemLoader;
let source: TreeSource;
beforeEach(() => {
  streams = new OpenStreams();
  const ring = KeyRing.parse(new Secret(`k1:${randomBytes(32).toString('base64')}`));
  const lastLoads = { keep: () => undefined } as unknown as LastLoads;
  const lifecycle = {} as unknown as ConnectionLifecycle;
  loader = new ItemLoader(new LoadCursors(new CredentialCipher(ring)), lastLoads, lifecycle, streams);
  source = new TreeSource({ page: { '': listing('p', 3) }, user: { '': listing('u', 2) } });
});

function load(start: LoadStart = {}): Load {
  const changesOf = (itemType: string) => ({
    foundBy: itemType === 'page' ? ('provider' as const) : ('nobody' as const),
    showsDeletions: false,
    lagSeconds: LAG_MS / 1000,
  });
  return { connection: connection(), changesOf, start };
}

async function pagesFrom(start?: LoadStart): Promise<readonly ItemPage[]> {
  const pages: ItemPage[] = [];
  for (let from = start; ;) {
    const { page } = await loader.page(source, load(from), REQUEST);
    pages.push(page);
    if (page.next_cursor === null) return pages;
    from = { cursor: page.next_cursor };
  }
}

async function streamFrom(start?: LoadStart): Promise<{ readonly ids: readonly string[]; readonly end: StreamEnd }> {
  const to = new PassThrough();
  await loader.stream(() => source, load(start), { itemTypes: REQUEST.itemTypes }, new NdjsonSink(to));
  const text = (await to.end().toArray()).join('');
  const lines = text.trim().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as { item?: { id: string }; end?: StreamEnd });
  const end = parsed.at(-1)?.end;
  if (end === undefined) throw new Error('The last line is no end.');
  return { ids: parsed.flatMap(({ item }) => (item === undefined ? [] : [item.id])), end };
}

/** When what is asked for has changed, of what was asked since the last time. */
function sincesAsked(): readonly (number | undefined)[] {
  return source.requests.splice(0).map(({ modifiedSince }) => modifiedSince?.getTime());
}

describe('A load in pages', () => {
  it('leads on by cursors, and from its last page by a checkpoint to what has changed since it began', async () => {
    const before = Date.now();
    const pages = await pagesFrom();
    const after = Date.now();
    expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(['p-0', 'p-1', 'p-2', 'u-0', 'u-1']);
    expect(pages.slice(0, -1).every(({ checkpoint }) => checkpoint === null)).toBe(true);
    expect(pages.every(({ changes }) => changes.length === 0)).toBe(true);
    expect(new Set(sincesAsked())).toEqual(new Set([undefined]));
    const next = await pagesFrom({ checkpoint: pages.at(-1)?.checkpoint ?? '' });
    for (const since of sincesAsked()) {
      expect(since).toBeGreaterThanOrEqual(before - BEHIND_MS);
      expect(since).toBeLessThanOrEqual(after - BEHIND_MS);
    }
    expect(next.map(({ changes }) => changes)).toEqual(
      next.map(() => [
        { item_type: 'page', found_by: 'provider', deletions: false },
        { item_type: 'user', found_by: 'nobody', deletions: false },
      ]),
    );
  });

  it('begins anew, and not with changes, after one of which an item type could not be had', async () => {
    source.before = ({ itemType }) => {
      if (itemType === 'user') throw new PatchbayError('provider_error', 'no');
    };
    const pages = await pagesFrom();
    expect(pages.at(-1)).toMatchObject({ complete: false, failures: [{ item_type: 'user' }] });
    source.before = () => undefined;
    source.requests.splice(0);
    await pagesFrom({ checkpoint: pages.at(-1)?.checkpoint ?? '' });
    const asked = source.requests.map(({ itemType, modifiedSince }) => [itemType, modifiedSince !== undefined]);
    expect(new Set(asked.map(String))).toEqual(new Set(['page,true', 'user,false']));
  });
});

describe('A load as a stream', () => {
  it('ends with a checkpoint that leads to what has changed since it began', async () => {
    const { ids, end } = await streamFrom();
    expect(ids.toSorted()).toEqual(['p-0', 'p-1', 'p-2', 'u-0', 'u-1']);
    expect(end).toMatchObject({ loaded: 5, complete: true, changes: [] });
    sincesAsked();
    const next = await streamFrom({ checkpoint: end.checkpoint });
    expect(sincesAsked().every((since) => since !== undefined)).toBe(true);
    expect(next.end.changes).toHaveLength(2);
  });

  it('goes on from pages as pages go on from it', async () => {
    const { checkpoint } = (await pagesFrom()).at(-1) ?? {};
    const { end } = await streamFrom({ checkpoint: checkpoint ?? '' });
    sincesAsked();
    await pagesFrom({ checkpoint: end.checkpoint });
    expect(sincesAsked().every((since) => since !== undefined)).toBe(true);
  });

  it('goes on where one was left of which an item type failed, and has the rest of it once', async () => {
    source.before = ({ itemType, position }) => {
      if (itemType === 'page' && position === '1') throw new PatchbayError('provider_error', 'no');
    };
    const cut = await streamFrom();
    expect([cut.ids.toSorted(), cut.end.complete]).toEqual([['p-0', 'u-0', 'u-1'], false]);
    source.before = () => undefined;
    const rest = await streamFrom({ checkpoint: cut.end.checkpoint });
    expect(rest.ids.filter((id) => id.startsWith('p'))).toEqual(['p-1', 'p-2']);
    expect(rest.end.complete).toBe(true);
  });

  it('counts among the open ones until it has ended, well or not, and its items with its integration’s', async () => {
    const open: number[] = [];
    source.before = () => void open.push(streams.size);
    await streamFrom();
    expect([new Set(open), streams.size, streams.items.get('notion')]).toEqual([new Set([1]), 0, 5]);
    source.before = () => {
      throw new PatchbayError('provider_error', 'no');
    };
    await expect(streamFrom()).rejects.toMatchObject({ code: 'provider_error' });
    expect(streams.size).toBe(0);
  });

  it('takes no place when its checkpoint is none of ours', async () => {
    await expect(streamFrom({ checkpoint: 'nonsense' })).rejects.toMatchObject({ code: 'cursor_invalid' });
    expect([streams.size, source.requests.length]).toEqual([0, 0]);
  });
});
