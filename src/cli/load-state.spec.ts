import { describe, expect, it } from '@jest/globals';
import { CommandFailure } from './command.ts';
import { endedState, firstState, nextState, readState, type LoadState } from './load-state.ts';

const WANTED = { integration: 'hubspot', user_id: 'ann', org_id: 'acme', item_types: ['contact', 'deal'] } as const;
const refused = (item_type: string) => ({ item_type, error: 'provider_error', message: 'No.' });
const CUT: LoadState = {
  ...firstState(WANTED),
  bytes: 10,
  checkpoint: 'c1',
  types: { contact: { loaded: 1, done: true } },
};

const ended = (...failed: string[]): LoadState =>
  endedState(CUT, {
    ...{ loaded: 1, complete: failed.length === 0, checkpoint: 'c2', changes: [] },
    failures: failed.map(refused),
  });
const next = (state: LoadState, changes = false, wanted: LoadState['wanted'] = WANTED) =>
  nextState(state, { wanted, changes }, 'a.ndjson');

describe('A load that is asked for again', () => {
  it('goes on from its checkpoint when it was cut', () => {
    expect(next(CUT)).toBe(CUT);
  });

  it('has nothing left to do when it was whole, and goes on with what changed when that is asked for', () => {
    expect(next(ended())).toBeUndefined();
    const increment = next(ended(), true);
    expect(increment).toMatchObject({ bytes: 10, checkpoint: 'c2', changes: true, types: {}, end: null });
    // Cut itself, it goes on, whether the changes are asked for once more or not.
    expect([next(increment!, true), next(increment!)]).toEqual([increment, increment]);
  });

  it('tries again what was left in the middle, but not by itself what was refused in part', () => {
    expect(next(ended('deal'))).toMatchObject({ checkpoint: 'c2', changes: false, end: null });
    expect(next(ended('contact'))).toBeUndefined();
    expect(next(ended('contact'), true)).toMatchObject({ checkpoint: 'c2', changes: true });
  });

  it('brings no changes before it is whole', () => {
    expect(() => next(CUT, true)).toThrow(/^a\.ndjson isn't whole yet/);
  });

  it.each([
    ['integration', { integration: 'slack' }],
    ['--user', { user_id: 'bob' }],
    ['--org', { org_id: 'other' }],
    ['--types', { item_types: ['contact'] }],
    ['--since', { modified_since: '2026-01-01T00:00:00Z' }],
  ])('is refused as another load when its %s is another', (name, difference) => {
    expect(() => next(CUT, false, { ...WANTED, ...difference })).toThrow(`another load (its ${name} was another)`);
  });

  it('is of the connection it began with, whether that is named or not', () => {
    const known = { ...CUT, wanted: { ...WANTED, connection_id: 'con_a' } };
    expect(next(known)).toBe(known);
    expect(next(known, false, { ...WANTED, connection_id: 'con_a' })).toBe(known);
    expect(() => next(known, false, { ...WANTED, connection_id: 'con_b' })).toThrow('its --connection was another');
  });

  it('is the same in whatever order its types are named, and however its time is written', () => {
    const since = { ...CUT, wanted: { ...WANTED, modified_since: '2026-01-01T00:00:00Z' } };
    const again = { ...WANTED, item_types: ['deal', 'contact'], modified_since: '2026-01-01T01:00:00+01:00' };
    expect(next(since, false, again)).toBe(since);
  });
});

it('what is no state of a load is refused by its name', () => {
  expect(readState(JSON.stringify(CUT), 'a.checkpoint')).toEqual(CUT);
  for (const text of ['', '{', 'null', '7', '{"format":"another"}'])
    expect(() => readState(text, 'a.checkpoint')).toThrow(CommandFailure);
});
