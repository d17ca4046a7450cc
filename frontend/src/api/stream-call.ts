import { ApiFailure, failureFromAnswer, failureFromNonsense, failureWithoutAnswer } from './api-failure.ts';
import type { CallInit, SendRequest } from './typed-calls.ts';

export const NDJSON = 'application/x-ndjson';
/** The service says something every second; who hasn't heard it for this long is connected to nobody. */
const QUIET_DEADLINE_MS = 45_000;

export interface OpenedStream {
  requestId: string | undefined;
  /** Rejects with `ApiFailure` when it breaks off, or with the caller's own signal's reason. */
  chunks: AsyncGenerator<Uint8Array, void>;
}

/**
 * Makes a call whose answer is read as it comes.
 * @param ask makes the call with what it is given, and leaves the answer's body unread
 * @throws {ApiFailure} when there is none, or it is an error's; or the caller's own signal's reason
 */
export async function openStream(
  send: SendRequest,
  ask: (init: CallInit) => Promise<{ error?: unknown; response: Response }>,
  stop: AbortSignal,
): Promise<OpenedStream> {
  const silence = new Silence(QUIET_DEADLINE_MS);
  const signal = AbortSignal.any([stop, silence.signal]);
  try {
    const { error, response } = await ask({ fetch: send, signal });
    if (!response.ok) throw failureFromAnswer(response, error);
    const isLines = response.headers.get('content-type')?.startsWith(NDJSON) === true;
    if (!isLines || response.body === null) throw failureFromNonsense(response);
    const requestId = response.headers.get('x-request-id') ?? undefined;
    return { requestId, chunks: chunksOf(response.body, silence, stop) };
  } catch (cause) {
    silence.end();
    throw failureOf(cause, stop);
  }
}

async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  silence: Silence,
  stop: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      silence.begin();
      const { done, value } = await reader.read();
      if (done) return;
      silence.end();
      yield value;
    }
  } catch (cause) {
    throw failureOf(cause, stop);
  } finally {
    silence.end();
    // Whoever stops reading ends the provider calls behind it.
    await reader.cancel().catch(() => undefined);
  }
}

function failureOf(cause: unknown, stop: AbortSignal): unknown {
  if (stop.aborted) return stop.reason;
  return cause instanceof ApiFailure ? cause : failureWithoutAnswer(cause);
}

/** Aborts when nothing was heard for too long. The time that a reader takes doesn't count. */
class Silence {
  readonly #limitMs: number;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
    this.begin();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  begin(): void {
    this.end();
    const reason = new DOMException('Nothing was heard for too long.', 'TimeoutError');
    this.#timer = setTimeout(() => this.#controller.abort(reason), this.#limitMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
