import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25];
const PROVIDER_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STORE_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.3, 1];

/**
 * Everything that is counted as it happens. Every label is one of a few words that this house or its configuration names:
 * no user, organisation, account or connection, and nothing a caller or a provider could make up.
 */
export class Metrics {
  readonly registry = new Registry();

  readonly requests = new Histogram({
    name: 'patchbay_http_request_duration_seconds',
    help: 'Requests by route template and status. route "none": answered before it met a route; "file": the page.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers: [this.registry],
  });
  readonly errors = this.#counter('patchbay_http_errors_total', 'Refusals by their error code.', ['error']);
  readonly staleLoads = this.#counter(
    'patchbay_stale_loads_total',
    'Loads answered from an earlier one because the provider could not be reached.',
    ['route'],
  );
  readonly attempts = new Histogram({
    name: 'patchbay_outbound_attempt_duration_seconds',
    help: 'Attempts at providers. outcome: class of the status (2xx, 401, 429, 4xx, 5xx), an error code, or cancelled.',
    labelNames: ['integration', 'endpoint', 'outcome'],
    buckets: PROVIDER_SECONDS,
    registers: [this.registry],
  });
  readonly retries = this.#counter('patchbay_outbound_retries_total', 'Attempts that were followed by another.', [
    'integration',
    'endpoint',
  ]);
  readonly circuitChanges = this.#counter('patchbay_circuit_changes_total', 'Changes of a circuit, by its new state.', [
    'integration',
    'endpoint',
    'state',
  ]);
  readonly refreshes = this.#counter(
    'patchbay_token_refreshes_total',
    'Refresh tokens presented, by what came of it: renewed, dead, elsewhere, misconfigured, not-done, unknown.',
    ['integration', 'outcome'],
  );
  readonly storeOperations = new Histogram({
    name: 'patchbay_store_operation_duration_seconds',
    help: 'Operations of the store by name and outcome (ok, unavailable, error).',
    labelNames: ['operation', 'outcome'],
    buckets: STORE_SECONDS,
    registers: [this.registry],
  });
  readonly strayErrors = this.#counter('patchbay_stray_errors_total', 'Errors that nobody handled: defects.', ['kind']);

  /** A number that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Numbers by labels, read when they are asked for: those that are gone are gone. */
  gauges<Label extends string>(name: string, help: string, labelNames: readonly Label[], read: Readings<Label>): void {
    const gauge: Gauge<Label> = new Gauge({
      ...this.#named(name, help, labelNames),
      collect: () => readAnew(gauge, read, (labels, value) => gauge.set(labels, value)),
    });
  }

  /** Counts that somebody else keeps. */
  counts<Label extends string>(name: string, help: string, labelNames: readonly Label[], read: Readings<Label>): void {
    const counter: Counter<Label> = new Counter({
      ...this.#named(name, help, labelNames),
      collect: () => readAnew(counter, read, (labels, value) => counter.inc(labels, value)),
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter(this.#named(name, help, labelNames));
  }

  #named<Label extends string>(name: string, help: string, labelNames: readonly Label[]) {
    return { name, help, labelNames: [...labelNames], registers: [this.registry] };
  }
}

export type Reading<Label extends string> = readonly [labels: Record<Label, string>, value: number];
type Readings<Label extends string> = () => Iterable<Reading<Label>> | Promise<Iterable<Reading<Label>>>;

async function readAnew<Label extends string>(
  metric: { reset(): void },
  read: Readings<Label>,
  put: (...reading: Reading<Label>) => void,
): Promise<void> {
  const readings = await read();
  // Only now: another who asks meanwhile would see none, or count them twice.
  metric.reset();
  for (const reading of readings) put(...reading);
}
