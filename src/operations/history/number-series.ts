import { MOST_POINTS, RECENT_SAMPLES, type Extent, type Series } from './timeline.ts';

type Merge = (one: number, other: number) => number;

/** A number over time. */
export class NumberSeries implements Series {
  readonly #take: () => number;
  readonly #merge: Merge;
  readonly #points = new Float64Array(MOST_POINTS);
  readonly #recent = new Float64Array(RECENT_SAMPLES);
  #next = 0;
  #open = 0;

  /**
   * @param take the number for the time since it was last called; not below 0
   * @param merge what one number for two stretches of time is
   */
  constructor(take: () => number, merge: Merge) {
    this.#take = take;
    this.#merge = merge;
  }

  /** Of the last minute. */
  get lately(): number {
    let merged = 0;
    for (const value of this.#recent) merged = this.#merge(merged, value);
    return merged;
  }

  values({ closed, isOpen }: Extent): number[] {
    const values = [...this.#points.subarray(0, closed)];
    return isOpen ? [...values, this.#open] : values;
  }

  sample(): void {
    const value = this.#take();
    this.#recent[this.#next] = value;
    this.#next = (this.#next + 1) % RECENT_SAMPLES;
    this.#open = this.#merge(this.#open, value);
  }

  close(point: number): void {
    this.#points[point] = this.#open;
    this.#open = 0;
  }

  halve(points: number): void {
    for (let at = 0; at < points / 2; at += 1) {
      this.#points[at] = this.#merge(this.#points[2 * at] ?? 0, this.#points[2 * at + 1] ?? 0);
    }
  }
}

/** How much a count grew. @param read the count since the start */
export function growthOf(read: () => number): NumberSeries {
  let before = 0;
  const take = () => {
    const count = read();
    const grown = count - before;
    before = count;
    return grown;
  };
  return new NumberSeries(take, (one, other) => one + other);
}

/** The highest that was seen. */
export function peakOf(read: () => number): NumberSeries {
  return new NumberSeries(read, Math.max);
}

/** The highest that was told between two samples. */
export class Peak {
  #highest = 0;

  tell(value: number): void {
    if (value > this.#highest) this.#highest = value;
  }

  /** @returns the highest since it was last taken, from now on at least `floor` */
  take(floor = 0): number {
    const highest = Math.max(this.#highest, floor);
    this.#highest = floor;
    return highest;
  }
}
