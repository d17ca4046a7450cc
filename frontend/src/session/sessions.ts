import { sameOwner, type Owner } from '../owner/owner.ts';
import { isLive, slotOf, type PageSession } from './page-session.ts';
import type { SessionRequests } from './session-requests.ts';
import type { SessionStore } from './session-store.ts';

export interface SessionsEnvironment {
  requests: Pick<SessionRequests, 'demoSession' | 'linkSession' | 'end'>;
  store: Promise<SessionStore>;
  /** Does it while no other tab of this browser does anything under the same name. */
  alone: <T>(name: string, act: () => Promise<T>) => Promise<T>;
  nowMs: () => number;
}

/** The sessions of this browser: the page's own, those its other tabs keep, and new ones. */
export class Sessions {
  readonly #environment: SessionsEnvironment;
  readonly #held = new Map<string, PageSession>();

  constructor(environment: SessionsEnvironment) {
    this.#environment = environment;
  }

  /**
   * The demo session of an owner: one for all tabs, made when there is none.
   * @param ended one that the service no longer knows
   */
  demo(owner: Owner, ended?: PageSession): Promise<PageSession> {
    const slot = slotOf('demo', owner);
    const held = (): PageSession | undefined => {
      const session = this.#held.get(slot);
      return session && this.#isUsable(session, ended) ? session : undefined;
    };
    const found = held();
    if (found) return Promise.resolve(found);
    return this.#environment.alone(`patchbay ${slot}`, async () => {
      const kept = held() ?? (await this.#usable('demo', ended)).find((session) => sameOwner(session.owner, owner));
      const session = kept ?? (await this.#keep(await this.#environment.requests.demoSession(owner)));
      this.#held.set(slot, session);
      return session;
    });
  }

  /** Trades a link's token, which works once. */
  async openLink(token: string): Promise<PageSession> {
    return this.#keep(await this.#environment.requests.linkSession(token));
  }

  /** Live sessions that links have opened in this browser, the latest first. */
  async links(ended?: PageSession): Promise<PageSession[]> {
    const links = await this.#usable('link', ended);
    return links.sort((one, other) => other.expiresAtMs - one.expiresAtMs);
  }

  async forget(session: PageSession): Promise<void> {
    await (await this.#environment.store).remove(session).catch(nothingKept);
  }

  /** Here and at the service. */
  async end(session: PageSession): Promise<void> {
    await this.forget(session);
    await this.#environment.requests.end(session);
  }

  async #usable(kind: PageSession['kind'], ended?: PageSession): Promise<PageSession[]> {
    const kept = (await (await this.#environment.store).all().catch(nothingKept)) ?? [];
    return kept.filter((session) => session.kind === kind && this.#isUsable(session, ended));
  }

  #isUsable(session: PageSession, ended?: PageSession): boolean {
    return session.sessionId !== ended?.sessionId && isLive(session, this.#environment.nowMs());
  }

  async #keep(session: PageSession): Promise<PageSession> {
    const store = await this.#environment.store;
    const kept = (await store.all().catch(nothingKept)) ?? [];
    const past = kept.filter((each) => !isLive(each, this.#environment.nowMs()));
    for (const each of past) await store.remove(each).catch(nothingKept);
    await store.put(session).catch(nothingKept);
    return session;
  }
}

/** A browser that stops keeping things is no reason to fail: the session then lasts as long as the page. */
function nothingKept(): undefined {
  return undefined;
}
