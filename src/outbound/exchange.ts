import { request as send, type Dispatcher } from 'undici';
import type { OutboundRequest, OutboundResponse } from './outbound-call.ts';
import { brokenOffAnswer, isConnectionLost, unusableAnswer } from './outbound-error.ts';

const USER_AGENT = 'Patchbay/0.1';
const NOTHING = Buffer.alloc(0);

export interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/**
 * One request, one answer.
 * @throws OutboundError for an answer that isn't taken; whatever undici throws, or the signal's reason
 */
export async function exchange(
  request: OutboundRequest,
  { dispatcher, signal, timeoutMs, maxBodyBytes }: ExchangeOptions,
): Promise<OutboundResponse> {
  const response = await send(request.url, {
    dispatcher,
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
  const { integration } = request;
  const body = hasUsableBody(integration, response)
    ? await readCapped(integration, response, request.maxBodyBytes ?? maxBodyBytes)
    : NOTHING;
  return { status, headers, body };
}

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

/** What says beforehand that it is too long isn't read at all. */
async function readCapped(
  integration: string,
  { headers, body }: Dispatcher.ResponseData,
  maxBodyBytes: number,
): Promise<Buffer> {
  const tooLong = `sent more than ${maxBodyBytes} bytes`;
  if (Number(headers['content-length']) > maxBodyBytes) {
    body.on('error', ignoreAbortedRest).destroy();
    throw unusableAnswer(integration, tooLong);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBodyBytes) throw unusableAnswer(integration, tooLong);
      chunks.push(chunk);
    }
  } catch (error) {
    throw isConnectionLost(error) ? brokenOffAnswer(integration, error) : error;
  }
  return chunks.length === 1 ? (chunks[0] ?? NOTHING) : Buffer.concat(chunks);
}

/** The rest of an answer that was cut off on purpose ends in an error nobody waits for. */
function ignoreAbortedRest(): void {
  // Nothing to do: the reason was already thrown.
}
