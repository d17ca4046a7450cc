import { ApiFailure, asFailure } from '../api/api-failure.ts';
import type { ApiClient } from '../api/client.ts';
import type { ItemPage, LoadRequest } from '../api/types.ts';
import { LineParser } from './line-parser.ts';
import type { LoadState } from './load-state.ts';
import { isProvidersOutage, Patience } from './patience.ts';

export interface LoadEnvironment {
  api: Pick<ApiClient, 'loadItems' | 'streamItems'>;
  /** Resolves after `delayMs`; rejects when the signal aborts. */
  pause: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** Lets the browser do what else there is to do. */
  breathe: () => Promise<void>;
  nowMs: () => number;
}

/** Of the page that is asked for when no stream comes: the service keeps pages by their size, and this is the usual one. */
const PAGE_SIZE = 100;
const MAX_EARLIER_PAGES = 50;
/** How long lines are taken in before the browser gets its turn. */
const BREATH_MS = 12;

/** One go at a load: from where it stands to its end, whatever happens to the connection on the way. */
export class LoadRun {
  readonly #environment: LoadEnvironment;
  readonly #state: LoadState;
  readonly #signal: AbortSignal;
  readonly #changed: () => void;
  readonly #patience = new Patience();
  #hasPeeked = false;
  #hurry = new AbortController();

  /** @param changed told whenever there is something new to show */
  constructor(environment: LoadEnvironment, state: LoadState, signal: AbortSignal, changed: () => void) {
    this.#environment = environment;
    this.#state = state;
    this.#signal = signal;
    this.#changed = changed;
  }

  /** Resolves when it has ended; rejects with what kept it from that. */
  async run(): Promise<void> {
    for (;;) {
      const failure = await this.#stream();
      this.#signal.throwIfAborted();
      if (failure === null) return;
      if (isProvidersOutage(failure)) {
        if (await this.#showEarlier(failure)) return;
        throw failure;
      }
      await this.#waitFor(failure);
    }
  }

  /** Ends a pause. */
  goOnNow(): void {
    this.#hurry.abort();
  }

  /** @returns what kept it from coming to a good end */
  async #stream(): Promise<ApiFailure | null> {
    try {
      await this.#readStream();
    } catch (thrown) {
      return asFailure(thrown);
    }
    // A process that is told to end says so, and another one goes on.
    const ended = this.#state.failureWith('service_unavailable');
    if (ended) return new ApiFailure({ code: ended.error, message: ended.message, status: 503 });
    return this.#state.failureOfAll;
  }

  async #readStream(): Promise<void> {
    const { api, breathe, nowMs } = this.#environment;
    const { requestId, chunks } = await api.streamItems(this.#integration, this.#request(), this.#signal);
    this.#state.begin(requestId);
    const parser = new LineParser();
    let breathedAtMs = nowMs();
    for await (const chunk of chunks) {
      this.#signal.throwIfAborted();
      for (const line of parser.push(chunk)) {
        if (this.#state.take(line, nowMs())) this.#patience.refresh();
      }
      this.#changed();
      if (this.#state.isHeldUp) void this.#peek();
      if (nowMs() - breathedAtMs < BREATH_MS) continue;
      await breathe();
      breathedAtMs = nowMs();
    }
    this.#signal.throwIfAborted();
    parser.finish();
  }

  async #waitFor(failure: ApiFailure): Promise<void> {
    const { nowMs, pause } = this.#environment;
    const wait = this.#patience.after(failure);
    if (wait === null) throw failure;
    this.#state.enter({ name: 'waiting', why: wait.why, untilMs: nowMs() + wait.delayMs, failure }, nowMs());
    this.#changed();
    this.#hurry = new AbortController();
    await pause(wait.delayMs, AbortSignal.any([this.#signal, this.#hurry.signal])).catch(() => undefined);
    this.#signal.throwIfAborted();
    this.#state.enter({ name: 'loading' }, nowMs());
    this.#changed();
  }

  /**
   * While the provider keeps us waiting before anything came: whether there is an earlier load to show meanwhile. A stream
   * says for how long it waits; why, the answer to this does.
   */
  async #peek(): Promise<void> {
    if (this.#hasPeeked || this.#state.freshCount > 0) return;
    this.#hasPeeked = true;
    await this.#showEarlier(null);
  }

  /** @returns whether there was one */
  async #showEarlier(why: ApiFailure | null): Promise<boolean> {
    if (this.#state.freshCount > 0) return false;
    try {
      let page = await this.#page(null);
      for (let pages = 1; page.stale; pages += 1) {
        this.#state.showEarlier(page, why);
        this.#changed();
        if (page.next_cursor === null || pages >= MAX_EARLIER_PAGES) break;
        page = await this.#page(page.next_cursor);
      }
    } catch (thrown) {
      this.#signal.throwIfAborted();
      const trouble = asFailure(thrown);
      if (isProvidersOutage(trouble)) this.#state.explainWaits(trouble);
      this.#changed();
    }
    return this.#state.isEarlier;
  }

  #page(cursor: string | null): Promise<ItemPage> {
    const { api } = this.#environment;
    const begun = { ...this.#query(), page_size: PAGE_SIZE };
    return api.loadItems(this.#integration, cursor === null ? begun : { ...begun, cursor }, this.#signal);
  }

  get #integration(): string {
    return this.#state.of.connection.integration;
  }

  #request(): LoadRequest {
    const { checkpoint } = this.#state;
    return { ...this.#query(), ...(checkpoint === null ? {} : { checkpoint }) };
  }

  #query(): LoadRequest {
    const { owner, connection, itemTypes } = this.#state.of;
    return {
      user_id: owner.userId,
      org_id: owner.orgId,
      connection_id: connection.connection_id,
      ...(itemTypes === null ? {} : { item_types: [...itemTypes] }),
    };
  }
}
