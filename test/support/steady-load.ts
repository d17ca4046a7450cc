import type { Answer } from './http-browser.ts';

const AT_ONCE = 4;
/** A call that meets no replica that runs is made again so often: both are never away for longer than a start takes. */
const MAX_TRIES = 200;
const TRY_AGAIN_MS = 50;

/** Makes one call to one of the replicas. */
export type Ask = (replica: number, call: number) => Promise<Answer>;

/**
 * Calls one after the other from several callers at once, over several replicas, until it is stopped. A call that breaks
 * because its replica was killed, or that is sent away because it ends, is made again on the next one, as a load balancer would.
 */
export class SteadyLoad {
  readonly #ask: Ask;
  readonly #replicas: number;
  readonly #statuses = new Map<number, number>();
  readonly #running: Promise<unknown>;
  /** Those that weren't 200, as they came. */
  readonly refused: string[] = [];
  #calls = 0;
  #failure: Error | undefined;
  #isStopped = false;

  constructor(replicas: number, ask: Ask) {
    this.#replicas = replicas;
    this.#ask = ask;
    this.#running = Promise.all(Array.from({ length: AT_ONCE }, () => this.#run()));
    this.#running.catch((error: unknown) => (this.#failure = new Error('The load broke.', { cause: error })));
  }

  /** @throws what broke it */
  get answered(): number {
    if (this.#failure !== undefined) throw this.#failure;
    return [...this.#statuses.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Ends it after what is under way. @returns how many answers had which status */
  async stop(): Promise<Readonly<Record<number, number>>> {
    this.#isStopped = true;
    await this.#running;
    return Object.fromEntries(this.#statuses);
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const call = (this.#calls += 1);
      const { status, text } = await this.#answer(call);
      this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
      if (status !== 200) this.refused.push(`${status} ${text}`);
    }
  }

  async #answer(call: number): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await this.#ask((call + attempt) % this.#replicas, call);
        if (!isEnding(answer) || attempt >= MAX_TRIES) return answer;
      } catch (error) {
        if (!isBroken(error) || attempt >= MAX_TRIES) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
}

/** A replica that shuts down asks its callers to go to another. */
function isEnding({ status, json }: Answer): boolean {
  return status === 503 && json['error'] === 'service_unavailable';
}

/** What fetch rejects with when nobody listens, or somebody hangs up in the middle of an answer. */
function isBroken(error: unknown): boolean {
  const { message } = error as { readonly message?: string };
  return message === 'fetch failed' || message === 'terminated';
}
