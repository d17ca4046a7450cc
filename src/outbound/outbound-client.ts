import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request as send, type Dispatcher } from 'undici';
import type { OutboundRequest, OutboundResponse } from './outbound-call.ts';
import { OutboundError, outboundError } from './outbound-error.ts';
import { retryDelayMs } from './retry.ts';

export const CONNECT_TIMEOUT_MS = 2_000;
export const HEADERS_TIMEOUT_MS = 5_000;
export const ATTEMPT_TIMEOUT_MS = 10_000;
export const CALL_TIMEOUT_MS = 25_000;
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
const CONNECTIONS_PER_ORIGIN = 64;
const USER_AGENT = 'Patchbay/0.1';

/**
 * The only way a byte leaves for a provider. Every call has deadlines (connect 2 s, headers 5 s, attempt 10 s, call 25 s)
 * and a byte cap; redirects are refused; TLS is always verified.
 */
export class OutboundClient {
  readonly #pools = new Map<string, Agent>();

  /**
   * @returns whatever the provider answered below 300 or from 400 on, after the attempts that were allowed
   * @throws OutboundError when no usable answer came; the signal's own reason when the caller cancelled
   */
  async call(request: OutboundRequest): Promise<OutboundResponse> {
    const deadline = performance.now() + CALL_TIMEOUT_MS;
    for (let attempt = 1; ; attempt += 1) {
      const timeoutMs = Math.min(request.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS, deadline - performance.now());
      const outcome = await this.#attempt(request, timeoutMs).catch((error: unknown) => this.#failure(request, error));
      const delayMs = retryDelayMs({ request, outcome, attempt, remainingMs: deadline - performance.now() });
      if (delayMs === undefined) {
        if (outcome instanceof OutboundError) throw outcome;
        return outcome;
      }
      await wait(delayMs, undefined, { signal: request.signal }).catch((error: unknown) => {
        throw this.#failure(request, error);
      });
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#pools.clear();
  }

  #failure(request: OutboundRequest, error: unknown): OutboundError {
    if (request.signal?.aborted === true) throw request.signal.reason;
    return outboundError(request.integration, error);
  }

  async #attempt(request: OutboundRequest, timeoutMs: number): Promise<OutboundResponse> {
    const deadline = AbortSignal.timeout(Math.max(1, Math.floor(timeoutMs)));
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    const response = await send(request.url, {
      dispatcher: this.#pool(request.integration),
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
    refuseUnusable(request.integration, response);
    const body = await readCapped(request, response.body);
    return { status: response.statusCode, headers: response.headers, body };
  }

  #pool(integration: string): Agent {
    const known = this.#pools.get(integration);
    if (known !== undefined) return known;
    const pool = new Agent({
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: HEADERS_TIMEOUT_MS,
      bodyTimeout: HEADERS_TIMEOUT_MS,
      connections: CONNECTIONS_PER_ORIGIN,
      allowH2: false,
    });
    this.#pools.set(integration, pool);
    return pool;
  }
}

function refuseUnusable(integration: string, response: Dispatcher.ResponseData): void {
  const encoded = (response.headers['content-encoding'] ?? 'identity') !== 'identity';
  if (!encoded && (response.statusCode < 300 || response.statusCode >= 400)) return;
  response.body.on('error', ignoreAbortedRest).destroy();
  const what = encoded ? 'an encoding that was not asked for' : 'a redirect, which is never followed';
  const details = { integration, provider_status: response.statusCode };
  throw new OutboundError('provider_protocol_error', `${integration} answered with ${what}.`, 'sent', details);
}

async function readCapped(request: OutboundRequest, body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const cap = request.maxBodyBytes ?? MAX_BODY_BYTES;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > cap) {
      const { integration } = request;
      throw new OutboundError('provider_protocol_error', `${integration} sent more than ${cap} bytes.`, 'sent', {
        integration,
      });
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
}

/** The rest of an answer that was cut off on purpose ends in an error nobody waits for. */
function ignoreAbortedRest(): void {
  // Nothing to do: the reason was already thrown.
}
