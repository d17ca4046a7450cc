export const SAMPLE_EVERY_MS = 2_000;
/** However long the process runs, its history has no more points. Even: two neighbours become one. */
export const MOST_POINTS = 240;
/** A minute of samples: what "lately" means. */
export const RECENT_SAMPLES = 30;

/** Something that is kept over time, in constant memory. */
export interface Series {
  /** Takes what came since the last sample into the interval under way. */
  sample(): void;
  /** The interval under way is over: it becomes this point, and another begins. */
  close(point: number): void;
  /** Of so many points, each two neighbours become one. */
  halve(points: number): void;
}

/** Which points there are. */
export interface Extent {
  /** Intervals that are over. */
  readonly closed: number;
  /** Whether there is one more, that is still under way. */
  readonly isOpen: boolean;
}

export interface TimelineReading extends Extent {
  readonly intervalMs: number;
  /** The last point's: shorter while its interval is under way. */
  readonly lastIntervalMs: number;
  /** All points together. */
  readonly coveredMs: number;
  readonly sinceStartMs: number;
  /** What "lately" covers: a minute, or less in the first one. */
  readonly recentMs: number;
}

/**
 * The time since the start in at most 240 intervals of one length. When they are used up, neighbours are merged and the
 * length doubles: all of the time is always covered, at half the resolution each time it doubles.
 */
export class Timeline {
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #series: Series[] = [];
  #samplesInInterval = 1;
  #samples = 0;
  #closed = 0;
  #open = 0;

  /** @param now milliseconds that only grow */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** All series are added before the first sample. */
  add<S extends Series>(series: S): S {
    if (this.#samples > 0) throw new TypeError('A series must be there from the start.');
    this.#series.push(series);
    return series;
  }

  /** Takes the samples that are due: more than one when the process was held up, the later of them empty. */
  look(): void {
    const due = Math.floor((this.#now() - this.#startedAt) / SAMPLE_EVERY_MS);
    while (this.#samples < due) this.#sample();
  }

  read(): TimelineReading {
    const intervalMs = this.#samplesInInterval * SAMPLE_EVERY_MS;
    const isOpen = this.#open > 0;
    return {
      closed: this.#closed,
      isOpen,
      intervalMs,
      lastIntervalMs: isOpen ? this.#open * SAMPLE_EVERY_MS : intervalMs,
      coveredMs: this.#samples * SAMPLE_EVERY_MS,
      sinceStartMs: this.#now() - this.#startedAt,
      recentMs: Math.min(this.#samples, RECENT_SAMPLES) * SAMPLE_EVERY_MS,
    };
  }

  #sample(): void {
    for (const series of this.#series) series.sample();
    this.#samples += 1;
    this.#open += 1;
    if (this.#open < this.#samplesInInterval) return;
    for (const series of this.#series) series.close(this.#closed);
    this.#open = 0;
    this.#closed += 1;
    if (this.#closed === MOST_POINTS) this.#halve();
  }

  #halve(): void {
    for (const series of this.#series) series.halve(MOST_POINTS);
    this.#closed = MOST_POINTS / 2;
    this.#samplesInInterval *= 2;
  }
}
