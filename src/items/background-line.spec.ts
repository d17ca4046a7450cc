import { describe, expect, it } from '@jest/globals';
import { BackgroundLine } from './background-line.ts';

describe('A line in the background', () => {
  it('does one after the other, none before its caller went on', async () => {
    const line = new BackgroundLine(100);
    const done: string[] = [];
    const task = (name: string) => async () => {
      done.push(`${name} begins`);
      await Promise.resolve();
      done.push(`${name} ends`);
    };
    line.add(1, task('a'));
    line.add(1, task('b'));
    await Promise.resolve();
    expect(done).toEqual([]);
    await line.settled();
    expect(done).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('takes no more than it can hold, but one thing of any size, and again when there is room', async () => {
    const line = new BackgroundLine(10);
    const nothing = () => Promise.resolve();
    expect([line.add(25, nothing), line.add(1, nothing)]).toEqual([true, false]);
    await line.settled();
    expect([line.add(5, nothing), line.add(5, nothing), line.add(1, nothing)]).toEqual([true, true, false]);
    await line.settled();
  });
});
