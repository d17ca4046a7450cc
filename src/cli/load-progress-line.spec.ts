import { describe, expect, it } from '@jest/globals';
import { LoadCount } from './load-progress-line.ts';

const QUIET = { pages: 1, total: null, waits: 0, waiting_in: null, done: false };

function counting(before: Record<string, { loaded: number; done: boolean }> = {}) {
  let now = 5_000;
  const load = { displayName: 'Airtable', itemTypes: ['base', 'record'], before };
  const count = new LoadCount(load, () => now);
  return { count, pass: (seconds: number) => void (now += seconds * 1000) };
}

describe('How far a load is', () => {
  it('is told in items, pages and time, and for how long the provider has us wait', () => {
    const { count, pass } = counting();
    count.note({ ...QUIET, item_type: 'base', loaded: 1_200, done: true, waiting_in: 40 });
    count.note({ ...QUIET, item_type: 'record', loaded: 30, pages: 2 });
    pass(64);
    expect(count.line(true)).toBe('1,230 items, 3 pages, 1:04');
    count.note({ ...QUIET, item_type: 'record', loaded: 30, pages: 2, waiting_in: 12 });
    pass(3600);
    expect(count.line(false)).toBe('1,230 items, 3 pages, 1:01:04. Airtable has us wait 12 s');
  });

  it('has a bar for who watches, once it is known of every type how much there is', () => {
    const { count } = counting();
    count.note({ ...QUIET, item_type: 'base', loaded: 10, total: 10, done: true });
    expect(count.line(true)).toBe('10 items, 1 page, 0:00');
    count.note({ ...QUIET, item_type: 'record', loaded: 40, total: 90 });
    expect(count.line(true)).toBe('[##########..........] 50 of 100 items (50 %), 2 pages, 0:00');
    expect(count.line(false)).toBe('50 of 100 items (50 %), 2 pages, 0:00');
    // Items come and go meanwhile.
    count.note({ ...QUIET, item_type: 'record', loaded: 120, total: 90 });
    expect(count.line(true)).toBe('[####################] 130 of 130 items (100 %), 2 pages, 0:00');
  });

  it('counts what earlier runs of the load have brought', () => {
    const { count } = counting({ base: { loaded: 7, done: true }, record: { loaded: 100, done: false } });
    count.note({ ...QUIET, item_type: 'base', loaded: 0, pages: 0 });
    count.note({ ...QUIET, item_type: 'record', loaded: 50 });
    expect(count.types).toEqual({ base: { loaded: 7, done: true }, record: { loaded: 150, done: false } });
    expect([count.loaded, count.pages]).toEqual([157, 1]);
  });
});
