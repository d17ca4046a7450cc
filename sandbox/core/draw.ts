import { hash53 } from './hash.ts';

/**
 * A deterministic stream of choices: the same scope always draws the same things, so an object can be made again
 * from its index at any time and is never kept.
 */
export class Draw {
  private state: number;

  constructor(scope: string) {
    this.state = hash53(scope) >>> 0;
  }

  /** A whole number in [0, bound). */
  int(bound: number): number {
    // mulberry32
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * bound);
  }

  /** True once in `n` draws. */
  oneIn(n: number): boolean {
    return this.int(n) === 0;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.int(choices.length)];
    if (choice === undefined) throw new RangeError('Nothing to pick from.');
    return choice;
  }
}
