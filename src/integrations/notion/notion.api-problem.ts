import { object, text } from '../../items/provider-values.ts';
import type { ApiAnswer, ApiProblem } from '../integration-descriptor.ts';

/** A block, as against a limit: "do not retry" ("Request limits"). */
const BLOCKED = 'public_api_request_blocked';
/** The connection's own limits. `public_api_space_request_rate_limit` is that of all connections to its workspace. */
const OF_CONNECTION: ReadonlySet<unknown> = new Set([
  'public_api_request_rate_limit',
  'public_api_endpoint_rate_limit',
]);

/** Notion's "Status codes" and "Request limits" pages. */
export function notionProblem({ status, body }: ApiAnswer): ApiProblem | undefined {
  if (status < 300) return undefined;
  // 529 `service_overload` is answered like a limit: with the time to wait.
  if (status === 429 || status === 529) return throttled(object(body['additional_data']));
  if (status === 401) return { kind: 'unauthorized' };
  if (status === 409 || status >= 500) return { kind: 'unavailable' };
  const reason = text(body['code']);
  return { kind: 'refused', ...(reason === undefined ? {} : { reason }) };
}

function throttled(data: Readonly<Record<string, unknown>>): ApiProblem {
  const reason = data['rate_limit_reason'];
  if (reason === BLOCKED) return { kind: 'refused', reason: BLOCKED };
  const retryAfter = data['retry_after'];
  const seconds = typeof retryAfter === 'string' && retryAfter !== '' ? Number(retryAfter) : retryAfter;
  const isUsable = typeof seconds === 'number' && seconds >= 0;
  return {
    kind: 'rate-limited',
    ...(isUsable ? { retryAfterSeconds: Math.ceil(seconds) } : {}),
    ...(OF_CONNECTION.has(reason) ? { alone: true } : {}),
  };
}
