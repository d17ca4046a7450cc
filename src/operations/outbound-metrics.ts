import type { CircuitBreakers } from '../outbound/circuit-breakers.ts';
import type { CircuitState } from '../outbound/circuit.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import type { AttemptObservation } from '../outbound/outbound-observer.ts';
import type { Pacer, PaceTally } from '../outbound/pacing/pacer.ts';
import type { Metrics } from './metrics.ts';

const STATES: readonly CircuitState['state'][] = ['closed', 'half-open', 'open'];
const TALLIED: readonly (keyof PaceTally)[] = ['admitted', 'waited', 'refused', 'held'];
/** Statuses that mean something of their own. */
const TOLD_APART: ReadonlySet<number> = new Set([401, 429]);

/** What becomes of calls to providers. */
export function measureOutbound(
  metrics: Metrics,
  client: OutboundClient,
  circuits: CircuitBreakers,
  pacer: Pacer,
): void {
  client.observe(({ integration, endpoint, outcome, durationMs, retried }) => {
    metrics.attempts.observe({ integration, endpoint, outcome: wordFor(outcome) }, durationMs / 1000);
    if (retried) metrics.retries.inc({ integration, endpoint });
  });
  circuits.onChange(({ integration, endpoint, state }) => metrics.circuitChanges.inc({ integration, endpoint, state }));
  metrics.gauges('patchbay_circuit_state', '1 for the state the circuit is in.', CIRCUIT_LABELS, () =>
    circuits
      .states()
      .flatMap(({ integration, endpoint, state }) =>
        STATES.map((one) => [{ integration, endpoint, state: one }, Number(one === state)] as const),
      ),
  );
  metrics.counts('patchbay_circuit_refused_total', 'Calls an open circuit refused.', ['integration', 'endpoint'], () =>
    circuits.states().map(({ integration, endpoint, refused }) => [{ integration, endpoint }, refused] as const),
  );
  metrics.gauges('patchbay_retry_budget', 'What is left of the retry budget, of 500.', ['integration'], () =>
    [...client.retryBudgets()].map(([integration, tokens]) => [{ integration }, tokens] as const),
  );
  measurePacing(metrics, pacer);
}

const CIRCUIT_LABELS = ['integration', 'endpoint', 'state'] as const;

function measurePacing(metrics: Metrics, pacer: Pacer): void {
  metrics.gauge('patchbay_pacing_waiting', 'Calls that wait for a provider’s limit.', () => pacer.waiting);
  metrics.gauge('patchbay_pacing_alone', '1 while this process paces by itself: the store is away.', () =>
    Number(pacer.isAlone),
  );
  metrics.counts(
    'patchbay_pacing_total',
    'Calls admitted; among them and the others those that waited; refused for their deadline; pauses a provider asked for.',
    ['integration', 'outcome'],
    () =>
      [...pacer.tallies].flatMap(([integration, tally]) =>
        TALLIED.map((outcome) => [{ integration, outcome }, tally[outcome]] as const),
      ),
  );
}

function wordFor(outcome: AttemptObservation['outcome']): string {
  if (typeof outcome === 'string') return outcome;
  if (TOLD_APART.has(outcome)) return String(outcome);
  return `${Math.min(9, Math.max(1, Math.floor(outcome / 100)))}xx`;
}
