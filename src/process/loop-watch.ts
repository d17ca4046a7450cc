import { Logger } from '@nestjs/common';
import { monitorEventLoopDelay, performance, type EventLoopUtilization } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const SAMPLE_EVERY_MS = 100;
const SAMPLES_IN_A_LOOK = 10;
const RESOLUTION_MS = 10;
const NS_IN_A_MS = 1e6;

/** The event loop over the last 100 ms. */
export interface LoopSample {
  /** How much later than asked for timers ran, on average. */
  readonly meanDelayMs: number;
  readonly maxDelayMs: number;
  /** 0: it only waited; 1: it was never idle. */
  readonly utilization: number;
}

export interface LoopState {
  /** The longest of the last second. */
  readonly maxDelayMs: number;
  readonly meanDelayMs: number;
  readonly utilization: number;
  readonly isLagging: boolean;
}

export interface HeapState {
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly isNearlyFull: boolean;
}

/** What is looked at; replaced in tests. */
export interface LoopSource {
  loop(): LoopSample;
  heap(): Omit<HeapState, 'isNearlyFull'>;
}

/** Beyond the first it is said once; below the second it is over. Between them nothing changes, so that nothing flaps. */
const LAGGING_MS = { from: 100, until: 50 } as const;
const NEARLY_FULL = { from: 0.85, until: 0.75 } as const;

/** Watches the event loop and the heap. What is wrong with either is logged when it begins and when it ends. */
export class LoopWatch {
  readonly #log = new Logger('Process');
  readonly #source: LoopSource;
  readonly #listeners = new Set<(sample: LoopSample) => void>();
  #timer: NodeJS.Timeout | undefined;
  #samples: LoopSample[] = [];
  #loop: LoopState = { maxDelayMs: 0, meanDelayMs: 0, utilization: 0, isLagging: false };
  #heap: HeapState;

  constructor(source: LoopSource = new NodeLoopSource()) {
    this.#source = source;
    this.#heap = { ...source.heap(), isNearlyFull: false };
  }

  get loop(): LoopState {
    return this.#loop;
  }

  get heap(): HeapState {
    return this.#heap;
  }

  /** Calls back with every sample, ten times a second. */
  onSample(listener: (sample: LoopSample) => void): void {
    this.#listeners.add(listener);
  }

  start(): void {
    this.#timer ??= setInterval(() => this.sample(), SAMPLE_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  sample(): void {
    const sample = this.#source.loop();
    this.#samples.push(sample);
    for (const listener of this.#listeners) listener(sample);
    if (this.#samples.length < SAMPLES_IN_A_LOOK) return;
    this.#lookAtLoop(this.#samples);
    this.#samples = [];
    this.#lookAtHeap();
  }

  #lookAtLoop(samples: readonly LoopSample[]): void {
    const average = (of: (sample: LoopSample) => number) =>
      samples.reduce((sum, one) => sum + of(one), 0) / samples.length;
    const meanDelayMs = average((sample) => sample.meanDelayMs);
    const maxDelayMs = Math.max(...samples.map((sample) => sample.maxDelayMs));
    const isLagging = beyond(LAGGING_MS, meanDelayMs, this.#loop.isLagging);
    const changed = isLagging !== this.#loop.isLagging;
    this.#loop = { maxDelayMs, meanDelayMs, utilization: average((sample) => sample.utilization), isLagging };
    if (!changed) return;
    const numbers = { mean_delay_ms: Math.round(meanDelayMs), max_delay_ms: Math.round(maxDelayMs) };
    if (isLagging) this.#log.warn({ msg: 'the event loop lags', ...numbers });
    else this.#log.log({ msg: 'the event loop no longer lags', ...numbers });
  }

  #lookAtHeap(): void {
    const heap = this.#source.heap();
    const isNearlyFull = beyond(NEARLY_FULL, heap.usedBytes / heap.limitBytes, this.#heap.isNearlyFull);
    const changed = isNearlyFull !== this.#heap.isNearlyFull;
    this.#heap = { ...heap, isNearlyFull };
    if (!changed) return;
    const numbers = { used_bytes: heap.usedBytes, limit_bytes: heap.limitBytes };
    if (isNearlyFull) this.#log.warn({ msg: 'the heap is nearly full', ...numbers });
    else this.#log.log({ msg: 'the heap has room again', ...numbers });
  }
}

function beyond({ from, until }: { from: number; until: number }, value: number, was: boolean): boolean {
  return value >= (was ? until : from);
}

class NodeLoopSource implements LoopSource {
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.#delays.enable();
  }

  loop(): LoopSample {
    const { mean, max, count } = this.#delays;
    this.#delays.reset();
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization);
    this.#utilization = now;
    // The histogram holds the time between two ticks of its timer. No tick at all: it was late for all of it.
    if (count === 0) return { meanDelayMs: SAMPLE_EVERY_MS, maxDelayMs: SAMPLE_EVERY_MS, utilization };
    return { meanDelayMs: delayMs(mean), maxDelayMs: delayMs(max), utilization };
  }

  heap(): Omit<HeapState, 'isNearlyFull'> {
    const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
    return { usedBytes, limitBytes };
  }
}

function delayMs(betweenTicksNs: number): number {
  return Math.max(0, betweenTicksNs / NS_IN_A_MS - RESOLUTION_MS);
}
