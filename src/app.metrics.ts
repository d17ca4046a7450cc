import type { INestApplication } from '@nestjs/common';
import { ThrottlerStorage } from '@nestjs/throttler';
import { RefreshJournal } from './connections/refresh-journal.ts';
import { SealCounts } from './connections/seal-counts.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import { SharedWindows } from './http/rate-limit/shared-windows.ts';
import type { ServedRequest } from './http/served-request.ts';
import { OpenStreams } from './items/open-streams.ts';
import { measureOutbound } from './operations/outbound-metrics.ts';
import { Metrics } from './operations/metrics.ts';
import { keepStatus } from './app.status.ts';
import { measureProcess } from './operations/process-metrics.ts';
import { CircuitBreakers } from './outbound/circuit-breakers.ts';
import { OutboundClient } from './outbound/outbound-client.ts';
import { Pacer } from './outbound/pacing/pacer.ts';
import { LoopWatch } from './process/loop-watch.ts';
import { RequestGate } from './process/request-gate.ts';
import { SlowReaders } from './process/slow-readers.ts';
import { ObservedKeyValueStore } from './storage/observed-key-value-store.ts';

/**
 * Rooms tell what happens in them; what counts it they don't know. Here the two meet.
 * @returns what is to be told of every request
 */
export function measure(application: INestApplication): (request: ServedRequest) => void {
  const find = { strict: false } as const;
  const metrics = application.get(Metrics, find);
  measureProcess(
    metrics,
    application.get(LoopWatch, find),
    application.get(RequestGate, find),
    application.get(SlowReaders, find),
  );
  measureOutbound(
    metrics,
    application.get(OutboundClient, find),
    application.get(CircuitBreakers, find),
    application.get(Pacer, find),
  );
  application.get(ObservedKeyValueStore, find).observe(({ operation, outcome, durationMs }) => {
    metrics.storeOperations.observe({ operation, outcome }, durationMs / 1000);
  });
  application.get(RefreshJournal, find).events.listen((event) => metrics.refreshes.inc({ ...event }));
  measureSeals(metrics, application.get(SealCounts, find));
  measureStreams(metrics, application.get(OpenStreams, find));
  const windows = application.get<unknown>(ThrottlerStorage, find);
  if (windows instanceof SharedWindows) {
    metrics.gauge('patchbay_rate_limits_alone', '1 while this process counts by itself: the store is away.', () =>
      Number(windows.isAlone),
    );
  }
  const meter = requestMeter(metrics);
  const note = keepStatus(application);
  return (request) => {
    meter(request);
    note(request);
  };
}

function requestMeter(metrics: Metrics): (request: ServedRequest) => void {
  return ({ method, route, status, error, isStale, durationMs }) => {
    metrics.requests.observe({ method, route, status }, durationMs / 1000);
    if (error !== undefined) metrics.errors.inc({ error });
    if (isStale) metrics.staleLoads.inc({ route });
  };
}

function measureStreams(metrics: Metrics, streams: OpenStreams): void {
  metrics.gauge('patchbay_open_streams', 'Streams of items being written.', () => streams.size);
  metrics.counts('patchbay_streamed_items_total', 'Items written to streams.', ['integration'], () =>
    [...streams.items].map(([integration, count]) => [{ integration }, count] as const),
  );
}

/** Kept in the store, for all processes: while that is away there is nothing to tell. */
function measureSeals(metrics: Metrics, seals: SealCounts): void {
  metrics.counts('patchbay_key_seals_total', 'Values ever sealed with a key, of at most 2^32.', ['key'], async () => {
    try {
      return [...(await seals.byKey())].map(([key, count]) => [{ key }, count] as const);
    } catch (error) {
      if (error instanceof PatchbayError) return [];
      throw error;
    }
  });
}
