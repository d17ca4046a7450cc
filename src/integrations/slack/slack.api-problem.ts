import { text } from '../../items/provider-values.ts';
import type { ApiAnswer, ApiProblem } from '../integration-descriptor.ts';

const UNAUTHORIZED: ReadonlySet<string> = new Set([
  'token_expired',
  'invalid_auth',
  'token_revoked',
  'account_inactive',
]);
const RATE_LIMITED: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited']);
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** What lies below a listing isn't there for us: the app was taken out of the channel, or the thread was deleted. */
export const WITHDRAWN: ReadonlySet<string> = new Set([
  'not_in_channel',
  'channel_not_found',
  'thread_not_found',
  'channel_is_limited_access',
  'method_not_supported_for_channel_type',
]);

/** A cursor that Slack no longer knows. */
export const CURSOR_EXPIRED = 'invalid_cursor';

/** Slack answers nearly everything with 200: `ok` and `error` in the body decide ("Web API", "Errors"). */
export function slackProblem({ status, body }: ApiAnswer): ApiProblem | undefined {
  const error = text(body['error']);
  if (status === 429) return { kind: 'rate-limited' };
  if (status >= 500) return { kind: 'unavailable' };
  if (status < 300 && body['ok'] === true) return undefined;
  if (error === undefined) return { kind: status === 401 ? 'unauthorized' : 'refused' };
  if (RATE_LIMITED.has(error)) return { kind: 'rate-limited' };
  if (UNAVAILABLE.has(error)) return { kind: 'unavailable' };
  return UNAUTHORIZED.has(error) ? { kind: 'unauthorized' } : { kind: 'refused', reason: error };
}
