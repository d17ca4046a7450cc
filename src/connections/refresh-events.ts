import type { RefreshOutcome } from './refresh-outcome.ts';

/** A refresh token that was presented, and what came of it. */
export interface RefreshEvent {
  readonly integration: string;
  readonly outcome: 'renewed' | RefreshOutcome;
}

/** Called as each refresh ends; must be quick, and must not throw. */
export type RefreshListener = (event: RefreshEvent) => void;

/** Tells who wants to know how refreshes end. */
export class RefreshEvents {
  readonly #listeners = new Set<RefreshListener>();

  listen(listener: RefreshListener): void {
    this.#listeners.add(listener);
  }

  tell(event: RefreshEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
