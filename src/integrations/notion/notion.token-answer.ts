import { text } from '../../items/provider-values.ts';
import type { TokenAnswer } from '../../oauth/oauth-client.ts';

/** Notion's "Status codes" in the words of RFC 6749 §5.2. */
const RFC_ERRORS: ReadonlyMap<string, string> = new Map([
  ['unauthorized', 'invalid_client'],
  ['validation_error', 'invalid_request'],
  ['invalid_json', 'invalid_request'],
  ['invalid_request_url', 'invalid_request'],
  ['missing_version', 'invalid_request'],
]);

/** The error is Notion's own object (`{"object":"error","code":…}`), with or without the member RFC 6749 has. */
export function notionTokenAnswer(answer: TokenAnswer): TokenAnswer {
  const { status, body } = answer;
  if (status < 400) return answer;
  const error = text(body['error']) ?? text(body['code']) ?? (status === 401 ? 'unauthorized' : 'server_error');
  return { status, body: { error: RFC_ERRORS.get(error) ?? error } };
}
