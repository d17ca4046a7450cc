import { describe, expect, it } from '@jest/globals';
import type { ItemChanges } from './item-source.ts';
import {
  begun,
  nextLoadAfter,
  openAfter,
  restarted,
  startOf,
  withFailure,
  withType,
  type LoadPosition,
  type OpenListing,
} from './load-position.ts';

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
    expect(open[0]?.depth).toBe(50);
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
    expect(Math.abs(Date.parse(begun({ types, failures, page }).startedAt) - Date.now())).toBeLessThan(10_000);
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

  it('brings what changed since that one began, less what the provider’s index may be behind', () => {
    const next = nextLoadAfter(position({ page: 7 }), QUERY, changesOf);
    expect(next).toEqual({
      types: [
        { open: [{}], since: '2026-05-01T11:59:00.000Z' },
        { open: [{}], since: BEGUN_AT },
      ],
      failures: [],
      page: 0,
    });
  });

  it('goes on where a type was left, and counts from when that one began: what changed since is still to come', () => {
    const left = { open: [{ key: 'a', at: '7' }, {}], since: '2026-01-01T00:00:00.000Z' };
    const next = nextLoadAfter(position({ types: [left, { open: [] }], failures: [FAILURE] }), QUERY, changesOf);
    expect(next).toEqual({
      types: [left, { open: [{}], since: BEGUN_AT }],
      failures: [],
      page: 0,
      startedAt: BEGUN_AT,
    });
  });

  it('brings all of a type again of which something could not be had, since the same time as before', () => {
    const since = '2026-01-01T00:00:00.000Z';
    const ended = position({ types: [{ open: [], since }, { open: [] }], failures: [FAILURE] });
    expect(nextLoadAfter(ended, QUERY, changesOf).types).toEqual([
      { open: [{}], since },
      { open: [{}], since: BEGUN_AT },
    ]);
    const whole = position({ failures: [FAILURE] });
    expect(nextLoadAfter(whole, QUERY, changesOf).types[0]).toEqual({ open: [{}] });
  });
});
