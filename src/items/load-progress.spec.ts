import { describe, expect, it } from '@jest/globals';
import { LoadProgress, type TypeProgress } from './load-progress.ts';

const UNTOUCHED: TypeProgress = {
  item_type: 'page',
  loaded: 0,
  pages: 0,
  total: null,
  waits: 0,
  waiting_in: null,
  done: false,
};

function progressOf(...types: readonly string[]): { progress: LoadProgress; pass: (ms: number) => void } {
  let now = 0;
  return { progress: new LoadProgress(types, () => now), pass: (ms) => void (now += ms) };
}

describe('The progress of a load', () => {
  it('counts items and pages of each type, and of all', () => {
    const { progress } = progressOf('page', 'user');
    progress.page('page', 100, undefined);
    progress.page('page', 20, undefined);
    progress.page('user', 0, undefined);
    expect(progress.news()).toEqual([
      { ...UNTOUCHED, loaded: 120, pages: 2 },
      { ...UNTOUCHED, item_type: 'user', pages: 1 },
    ]);
    expect(progress.loaded).toBe(120);
  });

  it('says how many there are as soon as the provider does, and still when it no longer does', () => {
    const { progress } = progressOf('page');
    progress.page('page', 1, 500);
    progress.page('page', 1, undefined);
    expect(progress.news()).toMatchObject([{ total: 500 }]);
    progress.page('page', 1, 0);
    expect(progress.news()).toMatchObject([{ total: 0 }]);
  });

  it('says how many seconds are left of a wait, whole ones, until it is over', () => {
    const { progress, pass } = progressOf('page');
    progress.waits('page', 30_000);
    expect(progress.news()).toMatchObject([{ waits: 1, waiting_in: 30 }]);
    pass(10_001);
    expect(progress.news()).toMatchObject([{ waits: 1, waiting_in: 20 }]);
    progress.waits('page', 0);
    expect(progress.news()).toMatchObject([{ waits: 1, waiting_in: null }]);
  });

  it('doesn’t say that a wait goes on that should be over, even if nobody said so', () => {
    const { progress, pass } = progressOf('page');
    progress.waits('page', 2_000);
    pass(2_000);
    expect(progress.news()).toMatchObject([{ waiting_in: null }]);
  });

  it('says nothing of waits that nobody would notice', () => {
    const { progress } = progressOf('page');
    progress.waits('page', 499);
    expect(progress.news()).toEqual([UNTOUCHED]);
    progress.waits('page', 500);
    expect(progress.news()).toMatchObject([{ waits: 1, waiting_in: 1 }]);
  });

  it('is told again of a type that isn’t done, and once of one that is', () => {
    const { progress } = progressOf('page', 'user');
    progress.done('user');
    expect(progress.news().map(({ item_type, done }) => [item_type, done])).toEqual([
      ['page', false],
      ['user', true],
    ]);
    expect(progress.news().map(({ item_type }) => item_type)).toEqual(['page']);
    progress.page('page', 1, undefined);
    expect(progress.news()).toMatchObject([{ item_type: 'page', loaded: 1, done: false }]);
    progress.done('page');
    expect(progress.news()).toMatchObject([{ item_type: 'page', loaded: 1, done: true }]);
    expect(progress.news()).toEqual([]);
  });

  it('is of the types that were asked for, and no others', () => {
    const { progress } = progressOf('page');
    progress.page('user', 1, undefined);
    progress.waits('user', 1_000);
    progress.done('user');
    expect([progress.news(), progress.loaded]).toEqual([[UNTOUCHED], 0]);
  });
});
