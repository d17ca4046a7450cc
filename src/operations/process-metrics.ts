import { readdirSync } from 'node:fs';
import type { LoopWatch } from '../process/loop-watch.ts';
import type { RequestGate } from '../process/request-gate.ts';
import type { SlowReaders } from '../process/slow-readers.ts';
import type { Metrics, Reading } from './metrics.ts';

const MICROSECONDS = 1e6;
const MS_IN_A_SECOND = 1000;

/** Those of the usual process metrics that cost next to nothing, by their usual names; and what the process takes on. */
export function measureProcess(metrics: Metrics, watch: LoopWatch, gate: RequestGate, readers: SlowReaders): void {
  const startedAt = Math.round(Date.now() / MS_IN_A_SECOND - process.uptime());
  metrics.counts('process_cpu_seconds_total', 'User and system CPU time.', [], () => {
    const { user, system } = process.cpuUsage();
    return [[{}, (user + system) / MICROSECONDS]];
  });
  metrics.gauge('process_start_time_seconds', 'When the process started, since the epoch.', () => startedAt);
  metrics.gauge('process_resident_memory_bytes', 'Memory the process holds.', () => process.memoryUsage.rss());
  metrics.gauge('process_open_fds', 'Open files and sockets; 0 where that can’t be known.', openFiles);
  metrics.gauges('nodejs_active_resources', 'What keeps the process going: timers, sockets.', ['type'], resources);
  metrics.gauge('nodejs_heap_size_used_bytes', 'Heap in use.', () => watch.heap.usedBytes);
  metrics.gauge('nodejs_heap_size_limit_bytes', 'Heap there may be.', () => watch.heap.limitBytes);
  metrics.gauge(
    'nodejs_eventloop_lag_seconds',
    'How late the event loop was, on average over a second.',
    () => watch.loop.meanDelayMs / MS_IN_A_SECOND,
  );
  metrics.gauge(
    'nodejs_eventloop_lag_max_seconds',
    'How late the event loop was at worst within a second.',
    () => watch.loop.maxDelayMs / MS_IN_A_SECOND,
  );
  metrics.gauge('nodejs_eventloop_utilization', '0 to 1, over a second.', () => watch.loop.utilization);
  metrics.gauge('patchbay_requests_in_flight', 'Requests being served.', () => gate.inFlight);
  metrics.gauge('patchbay_requests_waiting', 'Requests that wait for their turn.', () => gate.waiting);
  metrics.gauge('patchbay_requests_in_flight_limit', 'How many may be served, or wait, at a time.', () => gate.limit);
  metrics.counts('patchbay_slow_readers_total', 'Connections cut because their answers were not read.', [], () => [
    [{}, readers.cut],
  ]);
  metrics.gauge('patchbay_draining', '1 while the process shuts down.', () => Number(gate.isDraining));
  metrics.counts('patchbay_requests_shed_total', 'Requests refused before any work.', ['reason'], () =>
    Object.entries(gate.refused).map(([reason, count]) => [{ reason }, count] as const),
  );
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

function resources(): readonly Reading<'type'>[] {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => [{ type }, count]);
}
