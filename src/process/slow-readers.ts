import type { ServerResponse } from 'node:http';

/** How long an answer that was given whole may take to be read, and one that is still being given may stand still. */
const PATIENCE_MS = 15_000;
/**
 * For what is read as it comes, by someone who signed for it. The kernel takes megabytes ahead, and again only when a third
 * of them has gone: of a reader at 1 KB/s nothing is seen for a quarter of an hour.
 */
const STREAM_PATIENCE_MS = 30 * 60_000;
/** When the process ends: whoever takes longer goes on elsewhere, from the last checkpoint he has read. */
const LAST_PATIENCE_MS = 5_000;
const STREAM_TYPE = 'application/x-ndjson';

interface Reader {
  /** Bytes of the connection that the kernel has taken. */
  accepted: number;
  hasWhole: boolean;
  /** Since when it is waited for. */
  since: number;
}

/**
 * Cuts off who asks and doesn't read: until an answer is read it takes a place that others could have. Looked at all
 * together, so that an answer costs no timer of its own.
 */
export class SlowReaders {
  readonly #readers = new Map<ServerResponse, Reader>();
  #cut = 0;
  #endsSince: number | undefined;

  /** Connections cut since the start. */
  get cut(): number {
    return this.#cut;
  }

  watch(response: ServerResponse): void {
    this.#readers.set(response, { accepted: 0, hasWhole: false, since: Infinity });
    response.once('close', () => this.#readers.delete(response));
  }

  /** Once a second. @param now `performance.now()` */
  look(now = performance.now()): void {
    for (const [response, reader] of this.#readers) {
      if (isHeldUp(response, reader, now) && this.#isEnough(response, reader, now)) this.#cutOff(response);
    }
  }

  /** The process ends. A stream that nobody reads would hold it up until the last moment. @param now as `look` */
  end(now = performance.now()): void {
    this.#endsSince = now;
  }

  #isEnough(response: ServerResponse, { since }: Reader, now: number): boolean {
    if (!isStream(response)) return now - since >= PATIENCE_MS;
    if (now - since >= STREAM_PATIENCE_MS) return true;
    return this.#endsSince !== undefined && now - Math.max(since, this.#endsSince) >= LAST_PATIENCE_MS;
  }

  #cutOff({ socket }: ServerResponse): void {
    this.#cut += 1;
    // A mere goodbye would leave the kernel to wait for the reader, with all that was written so far.
    socket?.resetAndDestroy();
  }
}

/** Whether nothing has changed since the last look for which the reader isn't to blame. */
function isHeldUp({ socket, writableEnded, writableLength }: ServerResponse, reader: Reader, now: number): boolean {
  // Without a socket it is behind another answer on the same connection; with nothing to send it is being worked on.
  const isWaitedFor = socket !== null && (writableEnded || writableLength > 0);
  const accepted = socket === null ? 0 : socket.bytesWritten - socket.writableLength;
  // Of an answer that was given whole the pieces don't count: by small ones it could be drawn out for hours.
  const hasMoved = writableEnded ? !reader.hasWhole : accepted !== reader.accepted;
  if (isWaitedFor && !hasMoved && reader.since !== Infinity) return true;
  reader.accepted = accepted;
  reader.hasWhole = isWaitedFor && writableEnded;
  reader.since = isWaitedFor ? now : Infinity;
  return false;
}

function isStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith(STREAM_TYPE);
}
