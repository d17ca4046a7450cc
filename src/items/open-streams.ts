import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** Each holds some pages in memory, and a place among the requests, for as long as it takes. */
const MAX_STREAMS = 100;
/** Of one connection, so that no one has all of them. */
const MAX_OF_ONE = 16;
const RETRY_AFTER_SECONDS = 5;

/** What has become of a connection that a stream is of. @param isWithdrawn by the provider, as opposed to removed or given anew */
export function grantGone(isWithdrawn: boolean): PatchbayError {
  if (isWithdrawn)
    return new PatchbayError(
      'reauthorization_required',
      'The provider has withdrawn this grant. Connect the account again.',
    );
  return new PatchbayError('connection_not_found', 'The connection has ended, or was authorised anew.');
}

/** A stream that is under way. */
export interface OpenStream {
  /** Aborted when the caller has gone, or the process ends: then with an error that says so. */
  readonly signal: AbortSignal;
  /** Has it come to its end, which says why. */
  readonly end: (why: PatchbayError) => void;
  readonly close: () => void;
}

/** The streams of this process: so many at a time, and told to come to their ends when the process does. */
@Injectable()
export class OpenStreams implements OnModuleDestroy {
  readonly #open = new Map<AbortController, string>();
  readonly #items = new Map<string, number>();
  #isEnding = false;

  get size(): number {
    return this.#open.size;
  }

  /** Handed out since the start, by integration. */
  get items(): ReadonlyMap<string, number> {
    return this.#items;
  }

  /**
   * @param connectionId whose
   * @throws PatchbayError `service_unavailable` when there are too many, or the process ends
   */
  open(connectionId: string, callerGone: AbortSignal | undefined): OpenStream {
    if (this.#isEnding) throw ending();
    if (this.#open.size >= MAX_STREAMS || this.#openOf(connectionId) >= MAX_OF_ONE) {
      const message = `Too many streams at once. Try again in ${RETRY_AFTER_SECONDS} s.`;
      throw new PatchbayError('service_unavailable', message, { retry_after: RETRY_AFTER_SECONDS });
    }
    const end = new AbortController();
    this.#open.set(end, connectionId);
    const signal = callerGone === undefined ? end.signal : AbortSignal.any([end.signal, callerGone]);
    return { signal, end: (why) => end.abort(why), close: () => void this.#open.delete(end) };
  }

  /** Ends those of one connection: what was withdrawn isn't handed out any more. */
  endThoseOf(connectionId: string, why: PatchbayError): void {
    for (const [stream, one] of this.#open) if (one === connectionId) stream.abort(why);
  }

  /** Counts items that a stream hands out. */
  count(integration: string, items: number): void {
    this.#items.set(integration, (this.#items.get(integration) ?? 0) + items);
  }

  /** Before requests are drained: what would go on for an hour says how far it is, and ends. */
  onModuleDestroy(): void {
    this.#isEnding = true;
    for (const stream of this.#open.keys()) stream.abort(ending());
  }

  #openOf(connectionId: string): number {
    return [...this.#open.values()].filter((one) => one === connectionId).length;
  }
}

function ending(): PatchbayError {
  const message = 'This process is shutting down. Go on from the checkpoint: another one answers.';
  return new PatchbayError('service_unavailable', message, { retry_after: 1 });
}
