import { MOST_POINTS, RECENT_SAMPLES, type Extent, type Series } from './timeline.ts';

/** Each bucket reaches to √2 times the one before it, from 0.1 ms to 148 s. */
const FIRST_MS = 0.1;
const BUCKETS_IN_AN_OCTAVE = 2;
const BUCKETS = 42;
const MS_IN_A_SECOND = 1_000;

/**
 * How long something took over time: a count for each bucket, so that what intervals are merged into is exact. A quantile
 * is the middle of the bucket it falls into: within 19 % of the true one, between 0.1 ms and 148 s.
 */
export class LatencySeries implements Series {
  readonly #now = new Uint32Array(BUCKETS);
  readonly #open = new Uint32Array(BUCKETS);
  readonly #points = new Uint32Array(MOST_POINTS * BUCKETS);
  readonly #recent = new Uint32Array(RECENT_SAMPLES * BUCKETS);
  #next = 0;

  record(durationMs: number): void {
    const bucket = bucketOf(durationMs);
    this.#now[bucket] = (this.#now[bucket] ?? 0) + 1;
  }

  /** Seconds, of the last minute; null when there was nothing. */
  lately(share: number): number | null {
    const all = new Uint32Array(BUCKETS);
    for (let at = 0; at < RECENT_SAMPLES; at += 1) add(all, rowOf(this.#recent, at));
    return quantile(all, share);
  }

  /** Seconds; null where there was nothing. @param share 0.95 for what 95 of 100 didn't take longer than */
  quantiles(share: number, { closed, isOpen }: Extent): (number | null)[] {
    const values = Array.from({ length: closed }, (_none, at) => quantile(rowOf(this.#points, at), share));
    return isOpen ? [...values, quantile(this.#open, share)] : values;
  }

  sample(): void {
    rowOf(this.#recent, this.#next).set(this.#now);
    this.#next = (this.#next + 1) % RECENT_SAMPLES;
    add(this.#open, this.#now);
    this.#now.fill(0);
  }

  close(point: number): void {
    rowOf(this.#points, point).set(this.#open);
    this.#open.fill(0);
  }

  halve(points: number): void {
    for (let at = 0; at < points / 2; at += 1) {
      const row = rowOf(this.#points, at);
      row.set(rowOf(this.#points, 2 * at));
      add(row, rowOf(this.#points, 2 * at + 1));
    }
  }
}

function bucketOf(durationMs: number): number {
  if (!(durationMs > FIRST_MS)) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log2(durationMs / FIRST_MS) * BUCKETS_IN_AN_OCTAVE));
}

function rowOf(rows: Uint32Array, at: number): Uint32Array {
  return rows.subarray(at * BUCKETS, (at + 1) * BUCKETS);
}

function add(to: Uint32Array, counts: Uint32Array): void {
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) to[bucket] = (to[bucket] ?? 0) + (counts[bucket] ?? 0);
}

function quantile(counts: Uint32Array, share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let passed = 0;
  const bucket = counts.findIndex((count) => (passed += count) >= share * total);
  // The middle, as ratios go: as far from the lower bound as from the upper one.
  const middleMs = FIRST_MS * 2 ** ((bucket - 0.5) / BUCKETS_IN_AN_OCTAVE);
  return Number((middleMs / MS_IN_A_SECOND).toPrecision(3));
}
