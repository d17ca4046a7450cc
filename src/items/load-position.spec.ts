import { describe, expect, it } from '@jest/globals';
import type { ItemChanges } from './item-source.ts';
import {
  begun,
  nextLoadAfter,
  startOf,
  withFailed,
  withFailure,
  withRefused,
  withType,
  type LoadPosition,
} from './load-position.ts';
import { openAfter, restarted, type OpenListing } from './open-listing.ts';

const BEGUN_AT = '2026-05-01T12:00:00.000Z';
const QUERY = { itemTypes: ['page', 'user'] };
const FAILURE = { item_type: 'page', error: 'provider_error', message: 'no' };

function position(changes: Partial<LoadPosition> = {}): LoadPosition {
  return { types: [{ open: [] }, { open: [] }], failures: [], page: 0, startedAt: BEGUN_AT, ...changes };
}

function throughJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** How many pages it takes until a walk along the positions is refused, or undefined when it isn't. */
function pagesUntilNoticed(positions: Iterable<string>): number | undefined {
  let open: readonly OpenListing[] = [{ key: 'a listing' }];
  let pages = 0;
  for (const next of positions) {
    pages += 1;
    try {
      open = throughJson(openAfter(open, { items: [], next }));
    } catch (error) {
      expect(error).toMatchObject({ code: 'provider_protocol_error' });
      return pages;
    }
  }
  return undefined;
}

/** Ten times around, after so many others. */
function* circle(length: number, lead = 0): Generator<string> {
  for (let at = 0; at < lead; at += 1) yield `lead-${at}`;
  for (let at = 0; at < 10 * (length + lead); at += 1) yield `at-${at % length}`;
}

describe('Positions that lead in a circle', () => {
  it.each([1, 2, 3, 7, 100])('are noticed when there are %i of them, though only one is remembered', (length) => {
    expect(pagesUntilNoticed(circle(length))).toBeLessThanOrEqual(3 * length + 1);
  });

  it.each([1, 2, 3, 7, 100])('are noticed when %i of them come behind 50 others', (length) => {
    expect(pagesUntilNoticed(circle(length, 50))).toBeLessThanOrEqual(3 * (length + 50) + 1);
  });

  it('are never seen in 10,000 different ones', () => {
    expect(pagesUntilNoticed(Array.from({ length: 10_000 }, (_, at) => `at-${at}`))).toBeUndefined();
  });

  it('are those of one listing: another may have the same', () => {
    const open = [{ key: 'a', at: '1' }, { key: 'b' }];
    expect(openAfter(open.slice(1), { items: [], next: '1' })).toMatchObject([{ key: 'b', at: '1' }]);
  });

  it('are no longer than what is remembered of them', () => {
    let open: readonly OpenListing[] = [{}];
    for (let at = 0; at < 1_000; at += 1) open = openAfter(open, { items: [], next: `${'x'.repeat(500)}${at}` });
    expect(JSON.stringify(open).length).toBeLessThan(600);
  });
});

describe('What is left to load after a page', () => {
  it('is what it leads to, the rest of its listing, and the others', () => {
    const open = openAfter([{ key: 'a' }, { key: 'z' }], { items: [], next: '1', below: ['b', 'c'] });
    expect(open.map(({ key, at }) => [key, at])).toEqual([
      ['b', undefined],
      ['c', undefined],
      ['a', '1'],
      ['z', undefined],
    ]);
  });

  it('is an error when a listing leads to itself, and to itself again', () => {
    let open: readonly OpenListing[] = [{}];
    const deeper = (): void => {
      for (let page = 0; page < 1_000; page += 1) open = throughJson(openAfter(open, { items: [], below: ['a'] }));
    };
    expect(deeper).toThrow(expect.objectContaining({ code: 'provider_protocol_error' }));
    expect(open).toHaveLength(1);
  });

  it('is an error when a listing is too deep to be true, or leads to too many', () => {
    let open: readonly OpenListing[] = [{}];
    const deeper = (): void => {
      for (let level = 0; level < 100; level += 1) open = openAfter(open, { items: [], below: [`l${level}`] });
    };
    expect(deeper).toThrow(expect.objectContaining({ code: 'provider_protocol_error' }));
    const below = Array.from({ length: 1_001 }, (_, n) => `l${n}`);
    expect(() => openAfter([{}], { items: [], below })).toThrow(
      expect.objectContaining({ code: 'provider_protocol_error' }),
    );
  });

  it('is an error when a listing leads back to one above it, and not when two lead to the same', () => {
    const [a = {}] = openAfter([{}], { items: [], below: ['a'] });
    const [b = {}] = openAfter([a], { items: [], below: ['b'] });
    expect(() => openAfter([b], { items: [], below: ['a'] })).toThrow();
    const [c = {}] = openAfter([a], { items: [], below: ['c'] });
    expect(openAfter([c], { items: [], below: ['b'] })[0]?.key).toBe('b');
  });

  it('may be as long as it likes on one level', () => {
    let open: readonly OpenListing[] = [{}];
    for (let page = 0; page < 1_000; page += 1) {
      open = openAfter(open, { items: [], next: String(page), below: ['a'] });
      open = openAfter(open, { items: [] });
    }
    expect(open).toHaveLength(1);
  });

  it('is none of its own items any more that were to be skipped', () => {
    expect(openAfter([{ key: 'a', at: '1', skip: 3 }], { items: [], next: '2' })[0]).not.toHaveProperty('skip');
  });

  it('is a listing from its start, when the provider forgot where we were; which is counted, whatever follows', () => {
    const [moved] = openAfter([restarted({ key: 'a', at: '7', skip: 3, mark: 'm', steps: 1, lap: 2 })], {
      items: [],
      next: '1',
    });
    expect(restarted({ key: 'a', at: '7', mark: 'm', steps: 1, lap: 2 })).toEqual({ key: 'a', restarts: 1 });
    expect(restarted(moved ?? {})).toEqual({ key: 'a', restarts: 2 });
  });
});

describe('A load', () => {
  it('begins at the start of each type, with what changed since the same time', () => {
    const start = startOf({ ...QUERY, modifiedSince: new Date(0) });
    const type = { open: [{}], since: '1970-01-01T00:00:00.000Z' };
    expect(start).toMatchObject({ types: [type, type], failures: [], page: 0 });
    expect(startOf(QUERY).types).toEqual([{ open: [{}] }, { open: [{}] }]);
  });

  it('that wasn’t begun begins now, and one that was keeps its time', () => {
    const { types, failures, page } = position();
    const before = Date.now();
    const startedAt = Date.parse(begun({ types, failures, page }).startedAt);
    expect([before <= startedAt, startedAt <= Date.now()]).toEqual([true, true]);
    expect(begun(position()).startedAt).toBe(BEGUN_AT);
  });

  it('moves in one type at a time', () => {
    const moved = withType(position({ types: [{ open: [{}], since: BEGUN_AT }, { open: [{}] }] }), 0, []);
    expect(moved.types).toEqual([{ open: [], since: BEGUN_AT }, { open: [{}] }]);
  });

  it('notes the same failure once, however many listings it is of', () => {
    const other = { ...FAILURE, message: 'another' };
    const noted = [FAILURE, other, { ...FAILURE }].reduce(withFailure, position());
    expect(noted.failures).toEqual([FAILURE, other]);
  });
});

describe('The load after one', () => {
  const changesOf = (itemType: string): ItemChanges => ({
    foundBy: 'provider',
    showsDeletions: false,
    lagSeconds: itemType === 'page' ? 60 : 0,
  });

  it('brings what changed since that one began, less what index and clocks may be off by', () => {
    const next = nextLoadAfter(position({ page: 7 }), QUERY, changesOf);
    expect(next).toEqual({
      types: [
        { open: [{}], since: '2026-05-01T11:54:00.000Z' },
        { open: [{}], since: '2026-05-01T11:55:00.000Z' },
      ],
      failures: [],
      page: 0,
    });
  });

  it('goes on where a type was left, and counts from when that one began: what changed since is still to come', () => {
    const left = { open: [{ key: 'a', at: '7' }, {}], since: '2026-01-01T00:00:00.000Z' };
    const ended = position({ types: [left, { open: [] }], failures: [FAILURE, { ...FAILURE, item_type: 'user' }] });
    expect(nextLoadAfter(ended, QUERY, changesOf)).toEqual({
      types: [left, { open: [{}], since: '2026-05-01T11:55:00.000Z' }],
      // What was passed over of it is still missing.
      failures: [FAILURE],
      page: 0,
      startedAt: BEGUN_AT,
    });
  });

  it('brings all of a type again that was given up, since the same time as before', () => {
    const since = '2026-01-01T00:00:00.000Z';
    const types = [{ open: [{ key: 'a' }], since }, { open: [{}] }];
    const ended = withFailed(withFailed(position({ types }), 0, FAILURE), 1, FAILURE);
    expect(ended.types.map(({ open }) => open)).toEqual([[], []]);
    expect(nextLoadAfter(ended, QUERY, changesOf).types).toEqual([{ open: [{}], since }, { open: [{}] }]);
  });

  it('brings the whole of what was passed over, and of the rest what changed', () => {
    const since = '2026-01-01T00:00:00.000Z';
    const refusing = [
      { key: 'a', path: 'aaaaaa', at: '9' },
      { key: 'b', since: null },
    ].reduce(
      (one, listing) => withRefused(one, 0, { listing, failure: FAILURE }),
      position({ types: [{ open: [], since }, { open: [] }] }),
    );
    expect(refusing.failures).toEqual([FAILURE]);
    const next = nextLoadAfter(refusing, QUERY, changesOf);
    expect(next.types[0]).toEqual({
      open: [{ key: 'a', path: 'aaaaaa', since }, { key: 'b', since: null }, {}],
      since: '2026-05-01T11:54:00.000Z',
    });
    const again = nextLoadAfter(
      { ...begun(next), types: [{ ...next.types[0], open: [] }, { open: [] }] },
      QUERY,
      changesOf,
    );
    expect(again.types[0]?.open).toEqual([{}]);
  });

  it('brings all of a type with more refusals than are remembered', () => {
    let ended = position();
    for (let n = 0; n < 300; n += 1) ended = withRefused(ended, 0, { listing: { key: `l${n}` }, failure: FAILURE });
    expect(ended.types[0]?.refused).toHaveLength(200);
    expect(nextLoadAfter(ended, QUERY, changesOf).types[0]).toEqual({ open: [{}] });
  });
});
