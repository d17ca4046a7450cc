import { describe, expect, it } from '@jest/globals';
import type { Terminal } from './command.ts';
import { Progress } from './progress.ts';

/** A terminal that keeps what it is told, and a clock that goes when it is told. */
function setUp(watched: boolean) {
  const said: string[] = [];
  const shown: string[] = [];
  const terminal: Terminal = {
    environment: {},
    directory: '.',
    write: () => undefined,
    pour: () => Promise.resolve(true),
    say: (line) => void said.push(line),
    input: () => Promise.resolve(''),
    ...(watched ? { rewrite: (line: string) => void shown.push(line) } : {}),
  };
  let now = 0;
  const progress = new Progress(terminal, () => now);
  const count = (everyMs: number, times: number): void => {
    for (let at = 1; at <= times; at += 1) {
      now += everyMs;
      progress.tell(String(at));
    }
  };
  return { said, shown, progress, count };
}

describe('Progress', () => {
  it('is one changing line where somebody is watching, which is taken away in the end', () => {
    const { said, shown, progress, count } = setUp(true);
    count(20, 12);
    progress.end();
    expect(shown).toEqual(['5', '10', '']);
    expect(said).toEqual([]);
  });

  it('is a line every five seconds elsewhere, and none for what is done sooner', () => {
    const { said, progress, count } = setUp(false);
    count(1000, 4);
    expect(said).toEqual([]);
    count(1000, 10);
    progress.end();
    expect(said).toEqual(['1', '6']);
  });
});
