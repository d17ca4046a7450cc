import { setTimeout as wait } from 'node:timers/promises';
import { CircuitBreakers } from './circuit-breakers.ts';
import type { Endpoint, OutboundRequest, OutboundResponse } from './outbound-call.ts';
import { OutboundError } from './outbound-error.ts';
import type { OutboundObserver } from './outbound-observer.ts';
import { ProviderLine, type LineLimits } from './provider-line.ts';
import { RetryBudget } from './retry-budget.ts';
import { planRetry, SHORTEST_ATTEMPT_MS } from './retry.ts';

export interface OutboundLimits extends LineLimits {
  /** One attempt: from its place in line to the last byte of the answer. */
  readonly attemptTimeoutMs: number;
  /** The whole call: all attempts, and the waits between them. */
  readonly callTimeoutMs: number;
}

export const LIMITS: OutboundLimits = {
  connectTimeoutMs: 2_000,
  headersTimeoutMs: 5_000,
  attemptTimeoutMs: 10_000,
  callTimeoutMs: 25_000,
  maxBodyBytes: 10 * 1024 * 1024,
  connections: 64,
  connectionsOfOne: 16,
};

export interface OutboundOptions {
  readonly circuits?: CircuitBreakers;
  readonly limits?: Partial<OutboundLimits>;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
}

/** What the calls to one kind of endpoint of one provider share. */
interface Route {
  readonly line: ProviderLine;
  /** One for both endpoints: they are one provider's load. */
  readonly budget: RetryBudget;
}

/** One attempt that is over. */
interface Ended {
  readonly outcome: OutboundResponse | OutboundError;
  readonly durationMs: number;
  /** For how long the provider wants no other. */
  readonly heldMs: number;
}

/**
 * The only way a byte leaves for a provider. Every call has deadlines (connect 2 s, headers 5 s, attempt 10 s, call 25 s)
 * and a byte cap; redirects are refused; TLS is always verified. What failed is repeated by the retry table within a budget,
 * and a provider that is down isn't called.
 */
export class OutboundClient {
  readonly #circuits: CircuitBreakers;
  readonly #limits: OutboundLimits;
  readonly #random: () => number;
  readonly #routes = new Map<string, Readonly<Record<Endpoint, Route>>>();
  readonly #observers = new Set<OutboundObserver>();
  readonly #endListening: () => void;

  constructor({ circuits = new CircuitBreakers(), limits, random = Math.random }: OutboundOptions = {}) {
    this.#circuits = circuits;
    this.#limits = { ...LIMITS, ...limits };
    this.#random = random;
    this.#endListening = circuits.onChange(({ state, integration, endpoint }) => {
      if (state === 'open') this.#routes.get(integration)?.[endpoint].line.sendAway();
    });
  }

  /**
   * @returns whatever the provider answered below 300 or from 400 on, after the attempts that were allowed
   * @throws OutboundError when no usable answer came, or when none was asked for because the provider is down; the
   * signal's own reason when the caller cancelled
   */
  async call(request: OutboundRequest): Promise<OutboundResponse> {
    const route = this.#routeOf(request.integration, request.endpoint);
    const deadline = performance.now() + this.#limits.callTimeoutMs;
    let spent = 0;
    for (let attempt = 1; ; attempt += 1) {
      const { outcome, durationMs, heldMs } = await this.#attempt(route.line, request, attempt, deadline);
      const remainingMs = deadline - performance.now();
      const retry =
        route.line.circuit.isClosed && heldMs < remainingMs
          ? planRetry({ request, outcome, attempt, remainingMs }, this.#random)
          : undefined;
      const cost = retry === undefined ? undefined : route.budget.take(retry.cause);
      const retried = cost !== undefined;
      this.#observe(request, attempt, { outcome, durationMs }, retried);
      if (retry === undefined || cost === undefined) return last(outcome, route.budget, spent);
      spent += cost;
      await wait(retry.delayMs, undefined, { signal: request.signal }).catch((error: unknown) => {
        throw request.signal?.aborted === true ? (request.signal.reason as unknown) : error;
      });
    }
  }

  /** @returns how to stop */
  observe(observer: OutboundObserver): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** What is left of each provider's retry budget, of 500. */
  retryBudgets(): ReadonlyMap<string, number> {
    return new Map([...this.#routes].map(([integration, { api }]) => [integration, api.budget.tokens]));
  }

  async close(): Promise<void> {
    this.#endListening();
    this.#circuits.close();
    const routes = [...this.#routes.values()];
    this.#routes.clear();
    await Promise.all(routes.flatMap(({ token, api }) => [token.line.close(), api.line.close()]));
  }

  /** @throws as `CallPacing.admit` and `ProviderLine.attempt` */
  async #attempt(line: ProviderLine, request: OutboundRequest, attempt: number, deadline: number): Promise<Ended> {
    const { signal, pacing } = request;
    signal?.throwIfAborted();
    if (pacing !== undefined) {
      // A provider that is down is not waited for; nor does who waits hold a half-open circuit's one trial meanwhile.
      line.circuit.refuseIfOpen();
      await pacing.admit(deadline - SHORTEST_ATTEMPT_MS, signal);
    }
    const startedAt = performance.now();
    const timeoutMs = Math.min(request.attemptTimeoutMs ?? this.#limits.attemptTimeoutMs, deadline - startedAt);
    try {
      const outcome = await line.attempt(request, timeoutMs);
      const durationMs = performance.now() - startedAt;
      const heldMs = outcome instanceof OutboundError ? 0 : await pacing?.heed(outcome);
      return { outcome, durationMs, heldMs: heldMs ?? 0 };
    } catch (error) {
      const durationMs = performance.now() - startedAt;
      if (signal?.aborted === true) this.#observe(request, attempt, { outcome: 'cancelled', durationMs }, false);
      throw error;
    }
  }

  #observe(
    { integration, endpoint, method }: OutboundRequest,
    attempt: number,
    ended: { readonly outcome: Ended['outcome'] | 'cancelled'; readonly durationMs: number },
    retried: boolean,
  ): void {
    if (this.#observers.size === 0) return;
    const { outcome, durationMs } = ended;
    const observation = {
      integration,
      endpoint,
      method,
      outcome: outcome === 'cancelled' ? outcome : outcome instanceof OutboundError ? outcome.code : outcome.status,
      durationMs,
      attempt,
      retried,
    };
    for (const observer of this.#observers) observer(observation);
  }

  #routeOf(integration: string, endpoint: Endpoint): Route {
    let both = this.#routes.get(integration);
    if (both === undefined) {
      const budget = new RetryBudget();
      const route = (to: Endpoint): Route => ({
        line: new ProviderLine(this.#circuits.of(integration, to), this.#limits),
        budget,
      });
      both = { token: route('token'), api: route('api') };
      this.#routes.set(integration, both);
    }
    return both[endpoint];
  }
}

function last(outcome: OutboundResponse | OutboundError, budget: RetryBudget, spent: number): OutboundResponse {
  if (outcome instanceof OutboundError) throw outcome;
  if (outcome.status < 500 && outcome.status !== 429) budget.succeeded(spent);
  return outcome;
}
