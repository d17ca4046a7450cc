import { Logger } from '@nestjs/common';
import { Circuit, type CircuitState } from './circuit.ts';
import { ENDPOINTS, type Endpoint } from './outbound-call.ts';

type Listener = (state: CircuitState) => void;

/** The circuits of all providers, two each. What they do is logged, and can be read and listened to. */
export class CircuitBreakers {
  readonly #log = new Logger('Circuit');
  readonly #circuits = new Map<string, Readonly<Record<Endpoint, Circuit>>>();
  readonly #listeners = new Set<Listener>();

  /** @param integrations to be shown from the start; any other comes with its first call */
  constructor(integrations: Iterable<string> = []) {
    for (const integration of integrations) this.of(integration, 'api');
  }

  of(integration: string, endpoint: Endpoint): Circuit {
    let both = this.#circuits.get(integration);
    if (both === undefined) {
      const changed = (state: CircuitState) => this.#changed(state);
      both = { token: new Circuit(integration, 'token', changed), api: new Circuit(integration, 'api', changed) };
      this.#circuits.set(integration, both);
    }
    return both[endpoint];
  }

  states(): readonly CircuitState[] {
    return [...this.#circuits.values()].flatMap((both) => ENDPOINTS.map((endpoint) => both[endpoint].state()));
  }

  /** Calls back after every change of state. @returns how to stop that */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    for (const both of this.#circuits.values()) for (const endpoint of ENDPOINTS) both[endpoint].close();
  }

  #changed(state: CircuitState): void {
    const { integration, endpoint, reason, failures, nextTrialAt } = state;
    const line = {
      msg: `circuit ${state.state}`,
      integration,
      endpoint,
      reason,
      failures,
      next_trial_at: nextTrialAt === null ? null : new Date(nextTrialAt).toISOString(),
    };
    if (state.state === 'open') this.#log.warn(line);
    else this.#log.log(line);
    for (const listener of this.#listeners) listener(state);
  }
}
