import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';

const EVERY_MS = 25;

export interface ProbeAnswer {
  /** `performance.now()` when it was asked. */
  readonly askedAt: number;
  readonly tookMs: number;
  readonly status: number;
}

/** Asks a service for its health again and again, as an orchestrator does, only more often. */
export class Probes {
  readonly live: ProbeAnswer[] = [];
  readonly ready: ProbeAnswer[] = [];
  readonly #url: string;
  readonly #end = new AbortController();
  readonly #asking: Promise<unknown>;

  constructor(url: string) {
    this.#url = url;
    this.#asking = Promise.all([this.#ask('live', this.live), this.#ask('ready', this.ready)]);
  }

  /** Resolves once a readiness probe that is sent from now on has such an answer. */
  async next(satisfies: (answer: ProbeAnswer) => boolean): Promise<void> {
    const from = performance.now();
    await eventually(
      () => this.ready.some((answer) => answer.askedAt >= from && satisfies(answer)),
      (is) => is,
    );
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#asking;
  }

  async #ask(kind: string, answers: ProbeAnswer[]): Promise<void> {
    while (!this.#end.signal.aborted) {
      const askedAt = performance.now();
      const status = await fetch(`${this.#url}/health/${kind}`).then(
        async (response) => (await response.text(), response.status),
        () => 0,
      );
      answers.push({ askedAt, tookMs: performance.now() - askedAt, status });
      await delay(EVERY_MS);
    }
  }
}
