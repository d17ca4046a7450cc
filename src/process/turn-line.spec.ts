import { describe, expect, it } from '@jest/globals';
import { TurnLine } from './turn-line.ts';

const LIMITS = { maxDelayMs: 200, mostWaiting: 100 };

/** An event loop whose turns take as long as they are said to. */
class Loop {
  #acts: (() => void)[] = [];
  #now = 0;

  now(): number {
    return this.#now;
  }

  afterThisTurn(act: () => void): void {
    this.#acts.push(act);
  }

  turn(tookMs: number): void {
    this.#now += tookMs;
    for (const act of this.#acts.splice(0)) act();
  }
}

function lineAt(loop: Loop, limits = LIMITS) {
  const line = new TurnLine(limits, loop);
  const admitted: string[] = [];
  const refused: string[] = [];
  const join = (name: string) =>
    line.join({ admit: () => void admitted.push(name), refuse: () => void refused.push(name) });
  return { line, admitted, refused, join };
}

describe('The line for a turn of the event loop', () => {
  it('lets one in at once, and one more after each turn, the first first', () => {
    const loop = new Loop();
    const { admitted, join } = lineAt(loop);
    for (const name of ['a', 'b', 'c']) join(name);
    expect(admitted).toEqual(['a']);
    loop.turn(5);
    expect(admitted).toEqual(['a', 'b']);
    loop.turn(5);
    loop.turn(5);
    expect(admitted).toEqual(['a', 'b', 'c']);
    join('d');
    expect(admitted).toEqual(['a', 'b', 'c', 'd']);
  });

  it('serves a burst to the last, however long that takes for less than a second', () => {
    const loop = new Loop();
    const { admitted, refused, join } = lineAt(loop);
    for (let number = 0; number < 100; number += 1) join(String(number));
    for (let turn = 0; turn < 100; turn += 1) loop.turn(10);
    expect(admitted).toHaveLength(100);
    expect(refused).toEqual([]);
  });

  it('once it has been late for a second takes the last first every other turn, and refuses who waited too long', () => {
    const loop = new Loop();
    const { line, admitted, refused, join } = lineAt(loop);
    let number = 0;
    // Twice as many as there are turns.
    for (let turn = 0; !line.isOverloaded && turn < 1_000; turn += 1) {
      join(String((number += 1)));
      join(String((number += 1)));
      loop.turn(15);
    }
    expect(loop.now()).toBeGreaterThan(1_200);
    expect(loop.now()).toBeLessThan(1_600);
    const before = admitted.length;
    refused.length = 0;
    for (let turn = 0; turn < 20; turn += 1) {
      join(String((number += 1)));
      join(String((number += 1)));
      loop.turn(15);
    }
    // The last of each four that came: the turns between are those of who is in.
    expect(admitted.slice(before)).toEqual(Array.from({ length: 10 }, (_, turn) => String(number - 36 + 4 * turn)));
    expect(refused.length).toBeGreaterThan(15);
    expect(line.length).toBeLessThan(4);
  });

  it('knows that more than are in a burst are none, and refuses the late at the next turn', () => {
    const loop = new Loop();
    const { line, admitted, refused, join } = lineAt(loop);
    for (let number = 0; number <= 101; number += 1) join(String(number));
    expect(line.isOverloaded).toBe(true);
    loop.turn(21);
    expect(refused).toHaveLength(100);
    expect(admitted).toEqual(['0', '101']);
  });

  it('lets everybody wait again when nobody had to be refused for two seconds', () => {
    const loop = new Loop();
    const { line, refused, join } = lineAt(loop);
    for (let number = 0; number <= 101; number += 1) join(String(number));
    loop.turn(21);
    loop.turn(2_001);
    expect(line.isOverloaded).toBe(false);
    refused.length = 0;
    for (const name of ['a', 'b', 'c']) join(name);
    loop.turn(150);
    loop.turn(40);
    expect(refused).toEqual([]);
  });

  it('is left by who hangs up, whose turn is the next one’s', () => {
    const loop = new Loop();
    const { admitted, join } = lineAt(loop);
    join('a');
    const leave = join('b');
    join('c');
    leave();
    leave();
    loop.turn(1);
    expect(admitted).toEqual(['a', 'c']);
  });
});
