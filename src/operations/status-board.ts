import type { CircuitBreakers } from '../outbound/circuit-breakers.ts';
import type { CircuitState } from '../outbound/circuit.ts';
import { ENDPOINTS, type Endpoint } from '../outbound/outbound-call.ts';
import type { AttemptObservation } from '../outbound/outbound-observer.ts';
import type { Pacer, PaceTally } from '../outbound/pacing/pacer.ts';
import type { LoopWatch } from '../process/loop-watch.ts';
import type { RequestGate } from '../process/request-gate.ts';
import { LatencySeries } from './history/latency-series.ts';
import { growthOf, Peak, peakOf, type NumberSeries } from './history/number-series.ts';
import { Timeline } from './history/timeline.ts';

export const ANSWERS = ['served', 'refused', 'rate_limited', 'failed', 'aborted'] as const;
export type AnswerKind = (typeof ANSWERS)[number];
export const REFRESHES = ['renewed', 'dead', 'elsewhere', 'misconfigured', 'not-done', 'unknown'] as const;
export type RefreshKind = (typeof REFRESHES)[number];
export const PACED = ['admitted', 'waited', 'refused', 'held'] as const satisfies readonly (keyof PaceTally)[];
export const CIRCUIT_STATES: readonly CircuitState['state'][] = ['closed', 'half-open', 'open'];

type By<Name extends string, Value> = Readonly<Record<Name, Value>>;

/** What is kept of one integration's provider. */
export interface ProviderBoard {
  readonly attempts: NumberSeries;
  readonly failures: NumberSeries;
  readonly retries: NumberSeries;
  readonly latency: LatencySeries;
  readonly waiting: NumberSeries;
  readonly pacing: By<(typeof PACED)[number], NumberSeries>;
  readonly refreshes: By<RefreshKind, NumberSeries>;
  /** An index of CIRCUIT_STATES: the worst there was. */
  readonly circuits: By<Endpoint, NumberSeries>;
}

interface ProviderCounts {
  attempts: number;
  failures: number;
  retries: number;
  readonly refreshes: Record<RefreshKind, number>;
}

/** What is on the board by itself: the rooms that can be read. */
export interface StatusSources {
  readonly circuits: CircuitBreakers;
  readonly pacer: Pacer;
  readonly loop: LoopWatch;
  readonly gate: RequestGate;
  readonly integrations: Iterable<string>;
}

/**
 * What this process has done since its start, over time. What is told costs one more in an array, and makes nothing: it
 * knows integrations and the few words above, and nobody.
 */
export class StatusBoard {
  readonly sources: StatusSources;
  readonly timeline: Timeline;
  readonly answers: By<AnswerKind, NumberSeries>;
  readonly shed: NumberSeries;
  readonly requests: LatencySeries;
  readonly store: { readonly operations: NumberSeries; readonly unavailable: NumberSeries };
  readonly storeLatency: LatencySeries;
  readonly loopDelayMs: NumberSeries;
  readonly heapBytes: NumberSeries;
  readonly streams: NumberSeries;
  readonly providers: ReadonlyMap<string, ProviderBoard>;
  /** Read where they are kept: rooms that this one doesn't know. */
  openStreams: () => number = () => 0;
  areLimitsAlone: () => boolean = () => false;
  readonly #answers = countsFor(ANSWERS);
  readonly #store = { operations: 0, unavailable: 0 };
  readonly #providers = new Map<string, ProviderCounts>();
  readonly #latencies = new Map<string, LatencySeries>();

  constructor(sources: StatusSources, timeline = new Timeline()) {
    this.sources = sources;
    this.timeline = timeline;
    const { loop, gate } = sources;
    this.answers = this.#growths(ANSWERS, this.#answers);
    this.shed = timeline.add(growthOf(() => gate.refused.overloaded + gate.refused.draining));
    this.requests = timeline.add(new LatencySeries());
    this.store = this.#growths(['operations', 'unavailable'], this.#store);
    this.storeLatency = timeline.add(new LatencySeries());
    const delay = new Peak();
    loop.onSample(({ maxDelayMs }) => delay.tell(maxDelayMs));
    this.loopDelayMs = timeline.add(peakOf(() => delay.take()));
    this.heapBytes = timeline.add(peakOf(() => loop.heap.usedBytes));
    this.streams = timeline.add(peakOf(() => this.openStreams()));
    this.providers = new Map([...sources.integrations].map((name) => [name, this.#provider(name, sources)]));
  }

  request(status: number | 'aborted', durationMs: number): void {
    this.#answers[answerKind(status)] += 1;
    this.requests.record(durationMs);
  }

  storeOperation(outcome: 'ok' | 'unavailable' | 'error', durationMs: number): void {
    this.#store.operations += 1;
    if (outcome === 'unavailable') this.#store.unavailable += 1;
    this.storeLatency.record(durationMs);
  }

  attempt({ integration, outcome, retried, durationMs }: AttemptObservation): void {
    const counts = this.#providers.get(integration);
    // Our own caller hung up: that says nothing of the provider.
    if (counts === undefined || outcome === 'cancelled') return;
    counts.attempts += 1;
    if (isFailure(outcome)) counts.failures += 1;
    if (retried) counts.retries += 1;
    this.#latencies.get(integration)?.record(durationMs);
  }

  refresh(integration: string, outcome: RefreshKind): void {
    const counts = this.#providers.get(integration);
    if (counts !== undefined) counts.refreshes[outcome] += 1;
  }

  #provider(name: string, { circuits, pacer }: StatusSources): ProviderBoard {
    const { timeline } = this;
    const counts: ProviderCounts = { attempts: 0, failures: 0, retries: 0, refreshes: countsFor(REFRESHES) };
    const latency = timeline.add(new LatencySeries());
    this.#providers.set(name, counts);
    this.#latencies.set(name, latency);
    return {
      ...this.#growths(['attempts', 'failures', 'retries'], counts),
      latency,
      waiting: timeline.add(peakOf(() => pacer.waitingAt(name))),
      pacing: seriesFor(PACED, (what) => timeline.add(growthOf(() => pacer.tallies.get(name)?.[what] ?? 0))),
      refreshes: this.#growths(REFRESHES, counts.refreshes),
      circuits: seriesFor(ENDPOINTS, (endpoint) => timeline.add(worstOf(circuits, name, endpoint))),
    };
  }

  #growths<Name extends string>(names: readonly Name[], counts: By<Name, number>): By<Name, NumberSeries> {
    return seriesFor(names, (name) => this.timeline.add(growthOf(() => counts[name])));
  }
}

function answerKind(status: number | 'aborted'): AnswerKind {
  if (status === 'aborted') return 'aborted';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'served';
}

/** Whether the provider failed at it: a 4xx is about what was asked, but a 429 about how often. */
function isFailure(outcome: AttemptObservation['outcome']): boolean {
  return typeof outcome === 'string' || outcome >= 500 || outcome === 429;
}

/** A circuit may open and be tried again between two samples. */
function worstOf(circuits: CircuitBreakers, integration: string, endpoint: Endpoint): NumberSeries {
  const worst = new Peak();
  const rank = ({ state }: CircuitState) => CIRCUIT_STATES.indexOf(state);
  circuits.onChange((state) => {
    if (state.integration === integration && state.endpoint === endpoint) worst.tell(rank(state));
  });
  return peakOf(() => worst.take(rank(circuits.of(integration, endpoint).state())));
}

function seriesFor<Name extends string, Value>(names: readonly Name[], make: (name: Name) => Value): By<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as By<Name, Value>;
}

function countsFor<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return seriesFor(names, () => 0);
}
