import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { ENDPOINTS, type Endpoint } from '../outbound/outbound-call.ts';
import { StoreWatch } from '../storage/store-watch.ts';
import type {
  CircuitStatusResponse,
  LatelyResponse,
  ProcessStatusResponse,
  ProviderStatusResponse,
  RequestsStatusResponse,
  StatusResponse,
  StoreStatusResponse,
} from './dto/status.response.dto.ts';
import type { LatencySeries } from './history/latency-series.ts';
import type { NumberSeries } from './history/number-series.ts';
import type { TimelineReading } from './history/timeline.ts';
import { StatusBoard, type ProviderBoard } from './status-board.ts';

const MS_IN_A_SECOND = 1_000;
const MEDIAN = 0.5;
const TAIL = 0.95;

interface Latencies {
  readonly p50_in: (number | null)[];
  readonly p95_in: (number | null)[];
}

/** Reads the board out, together with how things stand now. */
@Injectable()
export class StatusReport {
  readonly #processId = `prc_${randomBytes(6).toString('hex')}`;

  constructor(
    @Inject(StatusBoard) private readonly board: StatusBoard,
    @Inject(StoreWatch) private readonly store: StoreWatch,
  ) {}

  read(): StatusResponse {
    const { board } = this;
    board.timeline.look();
    const reading = board.timeline.read();
    const now = Date.now();
    const firstAt = new Date(now - reading.sinceStartMs).toISOString();
    return {
      as_of: new Date(now).toISOString(),
      process: this.#process(reading, firstAt),
      timeline: {
        first_at: firstAt,
        interval_in: reading.intervalMs / MS_IN_A_SECOND,
        last_interval_in: reading.lastIntervalMs / MS_IN_A_SECOND,
        intervals: reading.closed + Number(reading.isOpen),
        lately_in: reading.recentMs / MS_IN_A_SECOND,
      },
      requests: this.#requests(reading),
      providers: [...board.providers].map(([name, provider]) => this.#provider(name, provider, reading)),
      store: this.#store(reading),
    };
  }

  #process(reading: TimelineReading, startedAt: string): ProcessStatusResponse {
    const { loopDelayMs, heapBytes, streams } = this.board;
    const { loop, heap } = this.board.sources.loop;
    return {
      id: this.#processId,
      started_at: startedAt,
      event_loop: loop.isLagging ? 'lagging' : 'ok',
      heap: heap.isNearlyFull ? 'nearly_full' : 'ok',
      heap_limit_bytes: heap.limitBytes,
      event_loop_delay_in: loopDelayMs.values(reading).map((ms) => Math.round(ms) / MS_IN_A_SECOND),
      heap_used_bytes: heapBytes.values(reading),
      open_streams: streams.values(reading),
    };
  }

  #requests(reading: TimelineReading): RequestsStatusResponse {
    const { answers, shed, requests, sources } = this.board;
    return {
      lately: lately(Object.values(answers), requests, answers.failed, reading),
      in_flight: sources.gate.inFlight,
      limit: sources.gate.limit,
      rate_limits_alone: this.board.areLimitsAlone(),
      answers: {
        served: answers.served.values(reading),
        refused: answers.refused.values(reading),
        rate_limited: answers.rate_limited.values(reading),
        failed: answers.failed.values(reading),
        aborted: answers.aborted.values(reading),
        shed: shed.values(reading),
      },
      ...latencies(requests, reading),
    };
  }

  #provider(name: string, board: ProviderBoard, reading: TimelineReading): ProviderStatusResponse {
    const { pacing, refreshes } = board;
    return {
      integration: name,
      lately: lately([board.attempts], board.latency, board.failures, reading),
      circuits: ENDPOINTS.map((endpoint) => this.#circuit(name, endpoint, board.circuits[endpoint].values(reading))),
      attempts: board.attempts.values(reading),
      failures: board.failures.values(reading),
      retries: board.retries.values(reading),
      ...latencies(board.latency, reading),
      pacing: {
        waiting_now: this.board.sources.pacer.waitingAt(name),
        waiting: board.waiting.values(reading),
        admitted: pacing.admitted.values(reading),
        waited: pacing.waited.values(reading),
        refused: pacing.refused.values(reading),
        held: pacing.held.values(reading),
      },
      refreshes: {
        renewed: refreshes.renewed.values(reading),
        dead: refreshes.dead.values(reading),
        elsewhere: refreshes.elsewhere.values(reading),
        misconfigured: refreshes.misconfigured.values(reading),
        not_done: refreshes['not-done'].values(reading),
        unknown: refreshes.unknown.values(reading),
      },
    };
  }

  #circuit(integration: string, endpoint: Endpoint, states: number[]): CircuitStatusResponse {
    const { state, reason, failures, nextTrialAt, refused } = this.board.sources.circuits
      .of(integration, endpoint)
      .state();
    const next_trial_at = nextTrialAt === null ? null : new Date(nextTrialAt).toISOString();
    return { endpoint, state, reason, failures, next_trial_at, refused, states };
  }

  #store(reading: TimelineReading): StoreStatusResponse {
    const { store, storeLatency, sources } = this.board;
    return {
      safe: this.store.problems.length === 0,
      pacing_alone: sources.pacer.isAlone,
      lately: lately([store.operations], storeLatency, store.unavailable, reading),
      operations: store.operations.values(reading),
      unavailable: store.unavailable.values(reading),
      ...latencies(storeLatency, reading),
    };
  }
}

function latencies(series: LatencySeries, reading: TimelineReading): Latencies {
  return { p50_in: series.quantiles(MEDIAN, reading), p95_in: series.quantiles(TAIL, reading) };
}

function lately(
  counts: readonly NumberSeries[],
  series: LatencySeries,
  failures: NumberSeries,
  { recentMs }: TimelineReading,
): LatelyResponse {
  const count = counts.reduce((sum, one) => sum + one.lately, 0);
  const perSecond = (count * MS_IN_A_SECOND) / recentMs;
  return {
    per_second: recentMs === 0 ? null : Number(perSecond.toPrecision(3)),
    p50_in: series.lately(MEDIAN),
    p95_in: series.lately(TAIL),
    failed: failures.lately,
  };
}
