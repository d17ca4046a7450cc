import { text } from '../../items/provider-values.ts';
import type { ApiAnswer, ApiProblem } from '../integration-descriptor.ts';

/** The daily limit ends at midnight in the account's own time zone, which may be any number of hours away. */
const DAILY_WAIT_SECONDS = 3600;

const TOKEN_REFUSED = new Set(['EXPIRED_AUTHENTICATION', 'INVALID_AUTHENTICATION']);

/** HubSpot's "Error handling" and "Usage guidelines". */
export function hubspotProblem({ status, body }: ApiAnswer): ApiProblem | undefined {
  if (status < 300) return undefined;
  const reason = text(body['category']) ?? text(body['errorType']);
  // "Usage guidelines": a 401 alone is no reason to refresh. Of those that are, the refresh tells which it was.
  if (status === 401 && TOKEN_REFUSED.has(reason ?? '')) return { kind: 'unauthorized' };
  if (status === 429) return throttled(text(body['policyName']) ?? '');
  // 477: the account is being moved; Retry-After says for how long.
  if (status === 477) return { kind: 'rate-limited' };
  // 423: too much at once on one object.
  if (status === 423 || status >= 500) return { kind: 'unavailable' };
  return { kind: 'refused', ...(reason === undefined ? {} : { reason }) };
}

function throttled(policy: string): ApiProblem {
  if (policy.startsWith('DAILY')) return { kind: 'rate-limited', retryAfterSeconds: DAILY_WAIT_SECONDS };
  if (policy.startsWith('TEN_SECONDLY')) return { kind: 'rate-limited', retryAfterSeconds: 10 };
  if (policy.startsWith('SECONDLY')) return { kind: 'rate-limited', retryAfterSeconds: 1 };
  return { kind: 'rate-limited' };
}
