import type { ServerResponse } from 'node:http';
import { TurnLine } from './turn-line.ts';

/** Of those that may be in flight. */
const WAITING_SHARE = 0.25;

export interface GateLimits {
  /** Requests in flight, those that wait for a turn included, at most. */
  readonly maxInFlight: number;
  /** How long a request may wait for its turn before it is too much that is asked. 0: nobody waits. */
  readonly maxDelayMs: number;
}

/** Why a request is not let in. */
export type Refusal = 'overloaded' | 'draining';

/**
 * Decides whether one more request is taken on, and when. What is let in is served in good time; what would only make the
 * others wait is better refused.
 */
export class RequestGate {
  readonly #limits: GateLimits;
  readonly #line: TurnLine | undefined;
  readonly #inFlight = new Set<ServerResponse>();
  readonly #refused = { overloaded: 0, draining: 0 };
  #isDraining = false;
  #empty: PromiseWithResolvers<undefined> | undefined;

  constructor(limits: GateLimits, lineWith = (mostWaiting: number) => new TurnLine({ ...limits, mostWaiting })) {
    this.#limits = limits;
    if (limits.maxDelayMs > 0) this.#line = lineWith(Math.ceil(limits.maxInFlight * WAITING_SHARE));
  }

  /** Requests taken on. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#line?.length ?? 0;
  }

  /** How many may be in flight, or wait. */
  get limit(): number {
    return this.#limits.maxInFlight;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Requests refused since the start. */
  get refused(): Readonly<Record<Refusal, number>> {
    return this.#refused;
  }

  /**
   * Lets a request in until its answer is closed, or doesn't.
   * @param decided told which, now or when its turn has come; never, when its client hangs up before
   */
  enter(response: ServerResponse, decided: (refusal?: Refusal) => void): void {
    if (this.#isDraining) this.#refuse('draining', decided);
    else if (this.#inFlight.size + this.waiting >= this.#limits.maxInFlight) this.#refuse('overloaded', decided);
    else if (this.#line === undefined) this.#admit(response, decided);
    else this.#join(this.#line, response, decided);
  }

  /**
   * Lets nobody in any more, and has connections closed after their answers.
   * @returns once all who are in or were in line have their answers, or the time is up
   */
  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    for (const response of this.#inFlight) if (!response.headersSent) response.setHeader('Connection', 'close');
    if (this.#isEmpty) return;
    this.#empty ??= Promise.withResolvers();
    const timer = setTimeout(() => this.#empty?.resolve(undefined), timeoutMs);
    await this.#empty.promise;
    clearTimeout(timer);
  }

  get #isEmpty(): boolean {
    return this.#inFlight.size === 0 && this.waiting === 0;
  }

  #join(line: TurnLine, response: ServerResponse, decided: (refusal?: Refusal) => void): void {
    const hangUp = (): void => {
      leave();
      this.#look();
    };
    response.once('close', hangUp);
    const leave = line.join({
      admit: () => {
        response.off('close', hangUp);
        this.#admit(response, decided);
      },
      refuse: () => {
        response.off('close', hangUp);
        this.#refuse('overloaded', decided);
        this.#look();
      },
    });
  }

  #admit(response: ServerResponse, decided: (refusal?: Refusal) => void): void {
    this.#inFlight.add(response);
    response.once('close', () => {
      this.#inFlight.delete(response);
      this.#look();
    });
    if (this.#isDraining) response.setHeader('Connection', 'close');
    decided();
  }

  #refuse(why: Refusal, decided: (refusal?: Refusal) => void): void {
    this.#refused[why] += 1;
    decided(why);
  }

  #look(): void {
    if (this.#isEmpty) this.#empty?.resolve(undefined);
  }
}
