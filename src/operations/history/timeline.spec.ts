import { describe, expect, it } from '@jest/globals';
import { LatencySeries } from './latency-series.ts';
import { growthOf, Peak, peakOf } from './number-series.ts';
import { MOST_POINTS, SAMPLE_EVERY_MS, Timeline } from './timeline.ts';

/** A timeline whose clock stands still until it is moved. */
function started() {
  let nowMs = 1_000;
  const timeline = new Timeline(() => nowMs);
  const pass = (samples: number, meanwhile: () => void = () => undefined) => {
    for (let at = 0; at < samples; at += 1) {
      meanwhile();
      nowMs += SAMPLE_EVERY_MS;
      timeline.look();
    }
  };
  const skip = (ms: number) => {
    nowMs += ms;
    timeline.look();
  };
  return { timeline, pass, skip };
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('A history', () => {
  it('has nothing at first, and a point for every two seconds then', () => {
    const { timeline, pass, skip } = started();
    let count = 0;
    const growth = timeline.add(growthOf(() => count));
    expect([timeline.read().coveredMs, growth.values(timeline.read())]).toEqual([0, []]);
    pass(3, () => (count += 5));
    skip(SAMPLE_EVERY_MS - 1);
    expect(growth.values(timeline.read())).toEqual([5, 5, 5]);
  });

  it.each([1, 239, 240, 241, 1_000, 43_200, 100_003])('covers all of the time after %i samples', (samples) => {
    const { timeline, pass } = started();
    let count = 0;
    const growth = timeline.add(growthOf(() => count));
    pass(samples, () => (count += 1));
    const reading = timeline.read();
    const values = growth.values(reading);
    expect(values.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(reading.coveredMs).toBe(samples * SAMPLE_EVERY_MS);
    expect((values.length - 1) * reading.intervalMs + reading.lastIntervalMs).toBe(reading.coveredMs);
    // Nothing is lost or counted twice, wherever it was merged.
    expect(sum(values)).toBe(samples);
    expect(values.slice(0, -1).every((value) => value * SAMPLE_EVERY_MS === reading.intervalMs)).toBe(true);
    expect(values.at(-1)! * SAMPLE_EVERY_MS).toBe(reading.lastIntervalMs);
  });

  it('keeps its order and its peaks when neighbours are merged', () => {
    const { timeline, pass } = started();
    let value = 0;
    const peaks = timeline.add(peakOf(() => value));
    pass(MOST_POINTS, () => (value += 1));
    const values = peaks.values(timeline.read());
    expect(values).toEqual(Array.from({ length: MOST_POINTS / 2 }, (_none, at) => 2 * (at + 1)));
  });

  it('that was held up goes on where the clock is, and counts what came meanwhile once', () => {
    const { timeline, pass, skip } = started();
    let count = 0;
    const growth = timeline.add(growthOf(() => count));
    pass(1, () => (count += 1));
    count += 7;
    skip(4 * SAMPLE_EVERY_MS);
    expect(growth.values(timeline.read())).toEqual([1, 7, 0, 0, 0]);
  });

  it('tells of the last minute apart', () => {
    const { timeline, pass } = started();
    let count = 0;
    const growth = timeline.add(growthOf(() => count));
    pass(3, () => (count += 1));
    expect([growth.lately, timeline.read().recentMs]).toEqual([3, 3 * SAMPLE_EVERY_MS]);
    pass(100, () => (count += 2));
    expect([growth.lately, timeline.read().recentMs]).toEqual([60, 60_000]);
    pass(30);
    expect(growth.lately).toBe(0);
  });
});

describe('A peak', () => {
  it('is the highest that was told since it was taken', () => {
    const peak = new Peak();
    for (const value of [2, 9, 1]) peak.tell(value);
    expect([peak.take(1), peak.take(), peak.take()]).toEqual([9, 1, 0]);
  });
});

describe('Latencies', () => {
  it.each([0.15, 3, 41, 999, 20_000])('of %d ms are told to within 19 %%', (durationMs) => {
    const { timeline, pass } = started();
    const latencies = timeline.add(new LatencySeries());
    for (let at = 0; at < 100; at += 1) latencies.record(durationMs);
    pass(1);
    for (const share of [0.5, 0.95]) {
      const [seconds] = latencies.quantiles(share, timeline.read());
      expect(Math.abs(Math.log(((seconds ?? 0) * 1000) / durationMs))).toBeLessThan(Math.log(1.195));
      expect(latencies.lately(share)).toBe(seconds);
    }
  });

  it('have a median and a tail of their own, also in what intervals were merged into', () => {
    const { timeline, pass } = started();
    const latencies = timeline.add(new LatencySeries());
    pass(MOST_POINTS + 1, () => {
      for (let at = 0; at < 90; at += 1) latencies.record(10);
      for (let at = 0; at < 10; at += 1) latencies.record(1_000);
    });
    const reading = timeline.read();
    expect(reading).toMatchObject({ closed: MOST_POINTS / 2, isOpen: true });
    for (const [share, expected] of [
      [0.5, 0.01],
      [0.95, 1],
    ] as const) {
      const values = latencies.quantiles(share, reading);
      expect(new Set(values).size).toBe(1);
      expect(Math.abs((values[0] ?? 0) / expected - 1)).toBeLessThan(0.2);
    }
  });

  it('are null where there was nothing, and end in the outermost bucket whatever comes', () => {
    const { timeline, pass } = started();
    const latencies = timeline.add(new LatencySeries());
    pass(1);
    expect([latencies.quantiles(0.5, timeline.read()), latencies.lately(0.5)]).toEqual([[null], null]);
    for (const odd of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) latencies.record(odd);
    pass(1);
    expect(latencies.quantiles(0.5, timeline.read())[1]).toBeLessThan(0.000_11);
    expect(latencies.quantiles(1, timeline.read())[1]).toBeGreaterThan(100);
  });
});
