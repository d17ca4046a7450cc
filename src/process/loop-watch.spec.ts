import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LoopWatch, type LoopSample, type LoopSource } from './loop-watch.ts';

const CALM: LoopSample = { meanDelayMs: 1, maxDelayMs: 3, utilization: 0.2 };
const LATE: LoopSample = { meanDelayMs: 150, maxDelayMs: 400, utilization: 1 };

class FakeSource implements LoopSource {
  sample: LoopSample = CALM;
  usedBytes = 100;

  loop(): LoopSample {
    return this.sample;
  }

  heap() {
    return { usedBytes: this.usedBytes, limitBytes: 1000 };
  }
}

describe('The watch over the process', () => {
  const said: string[] = [];
  let source: FakeSource;
  let watch: LoopWatch;
  const aSecond = (): void => {
    for (let sample = 0; sample < 10; sample += 1) watch.sample();
  };
  const note = (line: unknown) => void said.push((line as { msg: string }).msg);

  beforeEach(() => {
    said.length = 0;
    Logger.overrideLogger({ log: note, warn: note, error: note });
    source = new FakeSource();
    watch = new LoopWatch(source);
  });
  afterEach(() => void Logger.overrideLogger(false));

  it('says once that the event loop lags, and once that it no longer does', () => {
    aSecond();
    expect(said).toEqual([]);
    source.sample = LATE;
    aSecond();
    aSecond();
    expect(said).toEqual(['the event loop lags']);
    expect(watch.loop).toEqual({ meanDelayMs: 150, maxDelayMs: 400, utilization: 1, isLagging: true });
    source.sample = CALM;
    aSecond();
    aSecond();
    expect(said).toEqual(['the event loop lags', 'the event loop no longer lags']);
  });

  it('takes one pause in a second for no lag', () => {
    source.sample = LATE;
    watch.sample();
    source.sample = CALM;
    for (let sample = 0; sample < 9; sample += 1) watch.sample();
    expect(said).toEqual([]);
    expect([watch.loop.isLagging, watch.loop.maxDelayMs]).toEqual([false, 400]);
  });

  it('says once that the heap is nearly full; what lies between two thresholds changes nothing', () => {
    const states = [700, 860, 800, 860, 740, 800].map((used) => {
      source.usedBytes = used;
      aSecond();
      return watch.heap.isNearlyFull;
    });
    expect(states).toEqual([false, true, true, true, false, false]);
    expect(said).toEqual(['the heap is nearly full', 'the heap has room again']);
  });

  it('sees the event loop of this process', () => {
    const real = new LoopWatch();
    const samples: LoopSample[] = [];
    real.onSample((sample) => samples.push(sample));
    const until = performance.now() + 1;
    while (performance.now() < until);
    real.sample();
    expect(samples[0]?.utilization).toBeGreaterThan(0);
    expect(samples[0]?.meanDelayMs).toBeGreaterThan(0);
    expect(real.heap.usedBytes).toBeGreaterThan(1_000_000);
    expect(real.heap.limitBytes).toBeGreaterThan(real.heap.usedBytes);
  });
});
