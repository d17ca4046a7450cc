import { asFailure, type ApiFailure } from '../api/api-failure.ts';
import type { ApiClient } from '../api/client.ts';
import type { AuthorizeRequest } from '../api/types.ts';
import type { Owner } from '../owner/owner.ts';
import { Observable } from '../state/observable.ts';
import { watchAuthorization, type AuthorizationEnd } from './authorization-watch.ts';
import type { ConnectPopup, OpenConnectPopup } from './connect-popup.ts';

export interface WaitingPhase {
  name: 'waiting';
  authorizationUrl: string;
  state: string;
  popupBlocked: boolean;
  /** False while the service doesn't answer our looks. */
  reachable: boolean;
}

export type AttemptPhase =
  | { name: 'preparing' }
  | WaitingPhase
  | AuthorizationEnd
  | { name: 'cancelled' }
  | { name: 'error'; failure: ApiFailure };

/** One press of Connect and what has become of it. */
export interface ConnectAttempt {
  id: string;
  owner: Owner;
  integration: string;
  phase: AttemptPhase;
  /** The connections there were when it began: one of them that comes back is the same account, authorised anew. */
  before: readonly string[];
  /** The connection that was to be made well again; null for a new one. */
  renewing: string | null;
}

export interface ConnectEnvironment {
  api: Pick<ApiClient, 'beginAuthorization' | 'readAuthorization'>;
  openPopup: OpenConnectPopup;
  /** Where the provider's answer lands when the person has to use this very tab. */
  returnUrl: string;
  now: () => number;
  /** A timer; returns how to call it off. */
  after: (delayMs: number, act: () => void) => () => void;
  /** The ids of an owner's connections, as far as the page knows them. */
  known: (owner: Owner) => readonly string[];
  /** Told when a connection was made, so that lists are read anew. */
  connected: (owner: Owner) => void;
}

interface Machinery {
  popup: ConnectPopup | null;
  stop: AbortController;
  wake: () => void;
}

/** All attempts to connect since the page was opened. Each has its own popup, its own state and its own watch. */
export class ConnectAttempts {
  readonly attempts = new Observable<readonly ConnectAttempt[]>([]);
  readonly #environment: ConnectEnvironment;
  readonly #machinery = new Map<string, Machinery>();
  #begun = 0;

  constructor(environment: ConnectEnvironment) {
    this.#environment = environment;
  }

  /**
   * Call it inside the click: the popup is opened before anything is awaited. Resolves when the attempt has ended.
   * @param renewing the connection that is to be made well again
   */
  begin(owner: Owner, integration: string, renewing: string | null = null): Promise<void> {
    this.#begun += 1;
    const id = `connect-${this.#begun}-${this.#environment.now()}`;
    const popup = this.#environment.openPopup(`patchbay-${id}`);
    this.#machinery.set(id, { popup, stop: new AbortController(), wake: () => undefined });
    const others = this.attempts.get().filter((other) => other.integration !== integration || isOpen(other));
    const before = this.#environment.known(owner);
    this.attempts.set([...others, { id, owner, integration, phase: { name: 'preparing' }, before, renewing }]);
    return this.#run(id, owner, integration);
  }

  /** Shows the provider's page again, in the same window where that is possible. Call it inside the click. */
  reopen(id: string): void {
    const phase = this.#phase(id);
    if (phase?.name !== 'waiting') return;
    const machinery = this.#machinery.get(id);
    machinery?.popup?.goTo(phase.authorizationUrl);
  }

  /** Stops waiting, here alone: what the person does in the popup still counts at the service. */
  cancel(id: string): void {
    this.#machinery.get(id)?.stop.abort();
    this.#machinery.get(id)?.wake();
    this.#enter(id, { name: 'cancelled' });
  }

  dismiss(id: string): void {
    this.#machinery.get(id)?.stop.abort();
    this.#machinery.get(id)?.wake();
    this.attempts.set(this.attempts.get().filter((attempt) => attempt.id !== id));
  }

  /** Takes the good news of a connection off the page: it has been used, or is no longer true. */
  acknowledge(connectionId: string): void {
    const isNews = ({ phase }: ConnectAttempt): boolean =>
      phase.name === 'connected' && phase.connectionId === connectionId;
    this.attempts.set(this.attempts.get().filter((attempt) => !isNews(attempt)));
  }

  /** Looks at once instead of at the next tick: at the attempt with this state, or at all of them. */
  lookNow(state?: string): void {
    for (const { id, phase } of this.attempts.get()) {
      if (phase.name !== 'waiting') continue;
      if (state === undefined || phase.state === state) this.#machinery.get(id)?.wake();
    }
  }

  async #run(id: string, owner: Owner, integration: string): Promise<void> {
    const machinery = this.#machinery.get(id);
    if (!machinery) return;
    try {
      const end = await this.#authorize(id, machinery, owner, integration);
      if (end.name === 'connected') this.#environment.connected(owner);
      if (!machinery.stop.signal.aborted) this.#enter(id, end);
    } catch (thrown) {
      if (this.#phase(id)?.name === 'preparing') machinery.popup?.close();
      if (!machinery.stop.signal.aborted) this.#enter(id, { name: 'error', failure: asFailure(thrown) });
    } finally {
      this.#machinery.delete(id);
    }
  }

  async #authorize(id: string, machinery: Machinery, owner: Owner, integration: string): Promise<AuthorizationEnd> {
    const { api, now, returnUrl } = this.#environment;
    const { popup, stop } = machinery;
    const request: AuthorizeRequest = { user_id: owner.userId, org_id: owner.orgId };
    const begunAtMs = now();
    const begun = await api.beginAuthorization(integration, popup ? request : { ...request, return_url: returnUrl });
    if (stop.signal.aborted) popup?.close();
    stop.signal.throwIfAborted();
    const { authorization_url: authorizationUrl, state } = begun;
    this.#enter(id, { name: 'waiting', authorizationUrl, state, popupBlocked: !popup, reachable: true });
    popup?.goTo(authorizationUrl);
    return watchAuthorization({
      read: () => api.readAuthorization(owner, integration, state, stop.signal),
      pause: (delayMs) => this.#pause(machinery, delayMs),
      now,
      expiresAtMs: begunAtMs + begun.expires_in * 1_000,
      watched: () => this.attempts.get().filter(isOpen).length,
      reachable: (reachable) => this.#noteReachable(id, reachable),
    });
  }

  async #pause(machinery: Machinery, delayMs: number): Promise<void> {
    machinery.stop.signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      const callOff = this.#environment.after(delayMs, resolve);
      machinery.wake = () => {
        callOff();
        resolve();
      };
    });
    machinery.stop.signal.throwIfAborted();
  }

  #noteReachable(id: string, reachable: boolean): void {
    const phase = this.#phase(id);
    if (phase?.name === 'waiting' && phase.reachable !== reachable) this.#enter(id, { ...phase, reachable });
  }

  #phase(id: string): AttemptPhase | undefined {
    return this.attempts.get().find((attempt) => attempt.id === id)?.phase;
  }

  #enter(id: string, phase: AttemptPhase): void {
    this.attempts.set(this.attempts.get().map((attempt) => (attempt.id === id ? { ...attempt, phase } : attempt)));
  }
}

export function isOpen(attempt: ConnectAttempt): boolean {
  return attempt.phase.name === 'preparing' || attempt.phase.name === 'waiting';
}
