import { Agent, request as send, type Dispatcher } from 'undici';
import { AttemptDeadline } from './attempt-deadline.ts';
import type { OutboundRequest, OutboundResponse } from './outbound-call.ts';
import { unusableAnswer } from './outbound-error.ts';
import { Slots } from './slots.ts';

export interface LineLimits {
  /** TCP and TLS. */
  readonly connectTimeoutMs: number;
  /** Also the longest pause within a body. */
  readonly headersTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Calls at a time; the others wait in line. */
  readonly connections: number;
}

const USER_AGENT = 'Patchbay/0.1';

/** The way to one kind of endpoint of one provider: kept-alive connections, and a line before them. */
export class ProviderLine {
  readonly #limits: LineLimits;
  readonly #pool: Agent;
  readonly #slots: Slots;

  constructor(limits: LineLimits) {
    this.#limits = limits;
    this.#slots = new Slots(limits.connections);
    this.#pool = new Agent({
      connect: { timeout: limits.connectTimeoutMs },
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.headersTimeoutMs,
      connections: limits.connections,
      allowH2: false,
    });
  }

  /**
   * One attempt, the wait in line included.
   * @throws OutboundError, the caller's own reason, or what undici threw
   */
  async attempt(request: OutboundRequest, timeoutMs: number): Promise<OutboundResponse> {
    const deadline = new AttemptDeadline(request, timeoutMs, this.#limits.headersTimeoutMs);
    try {
      const turn = this.#slots.take(deadline.signal);
      if (turn !== undefined) await turn;
      try {
        deadline.sent();
        return await this.#exchange(request, deadline.signal, timeoutMs);
      } finally {
        this.#slots.release();
      }
    } finally {
      deadline.over();
    }
  }

  /** Whoever waits in line fails now. */
  sendAway(reason: () => Error): void {
    this.#slots.sendAway(reason);
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async #exchange(request: OutboundRequest, signal: AbortSignal, timeoutMs: number): Promise<OutboundResponse> {
    const response = await send(request.url, {
      dispatcher: this.#pool,
      method: request.method,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': USER_AGENT,
        ...request.headers,
      },
      body: request.body ?? null,
      // Elsewhere the pool's own deadlines hold.
      ...(request.attemptTimeoutMs === undefined ? {} : { headersTimeout: timeoutMs, bodyTimeout: timeoutMs }),
      signal,
    });
    const { statusCode: status, headers } = response;
    const body = hasUsableBody(request.integration, response)
      ? await readCapped(request, response.body, this.#limits.maxBodyBytes)
      : NOTHING;
    return { status, headers, body };
  }
}

const NOTHING = Buffer.alloc(0);

/** @throws OutboundError for an answer that isn't taken. A failing server's status says enough, whatever its body is. */
function hasUsableBody(integration: string, { statusCode, headers, body }: Dispatcher.ResponseData): boolean {
  const isRedirect = statusCode >= 300 && statusCode < 400;
  const isEncoded = (headers['content-encoding'] ?? 'identity') !== 'identity';
  if (!isRedirect && !isEncoded) return true;
  body.on('error', ignoreAbortedRest).destroy();
  if (statusCode >= 400) return false;
  const what = isRedirect ? 'a redirect, which is never followed' : 'an encoding that was not asked for';
  throw unusableAnswer(integration, `answered with ${what}`, statusCode);
}

async function readCapped(
  { integration, maxBodyBytes }: OutboundRequest,
  body: Dispatcher.ResponseData['body'],
  most: number,
): Promise<Buffer> {
  const cap = maxBodyBytes ?? most;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > cap) throw unusableAnswer(integration, `sent more than ${cap} bytes`);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] ?? NOTHING) : Buffer.concat(chunks);
}

/** The rest of an answer that was cut off on purpose ends in an error nobody waits for. */
function ignoreAbortedRest(): void {
  // Nothing to do: the reason was already thrown.
}
