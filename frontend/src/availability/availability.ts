import { Observable } from '../state/observable.ts';

/** How it stands with reaching the service. */
export type Condition =
  | { name: 'well' }
  /** The computer itself has no network. */
  | { name: 'offline' }
  /** No answer, or one that says that the service is starting, stopping or without its store: it is asked until it is back. */
  | { name: 'away' }
  /** Too much was asked at once; worth another try from then on (epoch milliseconds). */
  | { name: 'limited'; untilMs: number };

export interface AvailabilityEnvironment {
  /** Whether the service is ready to be asked. */
  isReady: () => Promise<boolean>;
  isOnline: () => boolean;
  nowMs: () => number;
  /** A timer; returns how to call it off. */
  after: (delayMs: number, act: () => void) => () => void;
  /** Told when it is well again, so that what failed meanwhile is asked anew. */
  recovered: () => void;
}

/** What the service says when it is itself that is not there, and not a provider behind it. */
const OWN_TROUBLE: unknown[] = ['service_unavailable', 'storage_unavailable'];
const FIRST_LOOK_MS = 1_000;
const LONGEST_WAIT_MS = 8_000;
const UNSAID_LIMIT_SECONDS = 10;

/** Notices by what becomes of the page's calls that the service is away, and by asking it that it is back. */
export class Availability {
  readonly condition = new Observable<Condition>({ name: 'well' });
  readonly #environment: AvailabilityEnvironment;
  #callOff: () => void = () => undefined;

  constructor(environment: AvailabilityEnvironment) {
    this.#environment = environment;
  }

  /** The same way of sending, watched. */
  watching<Arguments extends unknown[]>(
    send: (...parameters: Arguments) => Promise<Response>,
  ): (...parameters: Arguments) => Promise<Response> {
    return async (...parameters) => {
      try {
        const answer = await send(...parameters);
        await this.#heard(answer);
        return answer;
      } catch (thrown) {
        // What fetch throws when there is no answer (Fetch §5.6). An abort is a DOMException, and nobody's trouble.
        if (thrown instanceof TypeError) this.#unheard();
        throw thrown;
      }
    };
  }

  /** Looks again at once: the network came or went, or the person asks for it. */
  lookNow(): void {
    if (!this.#environment.isOnline()) this.#unheard();
    else if (this.condition.get().name !== 'well') void this.#look(FIRST_LOOK_MS);
  }

  async #heard(answer: Response): Promise<void> {
    const { name } = this.condition.get();
    if (answer.status === 429) this.#limit(answer);
    else if (await isOwnTrouble(answer)) this.#unheard();
    else if (name === 'away' || name === 'offline') this.#recover();
  }

  #unheard(): void {
    const name = this.#environment.isOnline() ? 'away' : 'offline';
    if (this.condition.get().name === name) return;
    this.#callOff();
    this.condition.set({ name });
    // The browser tells when the network is back (and is sometimes wrong about it: so it is asked as well).
    this.#lookLater(FIRST_LOOK_MS);
  }

  #limit(answer: Response): void {
    const seconds = Number(answer.headers.get('retry-after') ?? UNSAID_LIMIT_SECONDS) || UNSAID_LIMIT_SECONDS;
    const untilMs = this.#environment.nowMs() + seconds * 1_000;
    this.#callOff();
    this.condition.set({ name: 'limited', untilMs });
    this.#callOff = this.#environment.after(seconds * 1_000, () => this.#recover());
  }

  #lookLater(delayMs: number): void {
    this.#callOff = this.#environment.after(delayMs, () => void this.#look(delayMs));
  }

  async #look(delayMs: number): Promise<void> {
    this.#callOff();
    const { name } = this.condition.get();
    const isReady = await this.#environment.isReady().catch(() => false);
    if (this.condition.get().name !== name) return;
    if (isReady) this.#recover();
    else this.#lookLater(Math.min(LONGEST_WAIT_MS, delayMs * 2));
  }

  #recover(): void {
    this.#callOff();
    if (this.condition.get().name === 'well') return;
    this.condition.set({ name: 'well' });
    this.#environment.recovered();
  }
}

async function isOwnTrouble(answer: Response): Promise<boolean> {
  if (answer.status !== 502 && answer.status !== 503 && answer.status !== 504) return false;
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => null);
  // A 502 that isn't ours is a proxy's, in front of a service that isn't there.
  if (typeof body !== 'object' || body === null || !('error' in body)) return true;
  return OWN_TROUBLE.includes(body.error);
}
