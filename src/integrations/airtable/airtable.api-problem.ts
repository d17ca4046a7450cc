import { object, objects, text } from '../../items/provider-values.ts';
import { problemByStatus, type ApiAnswer, type ApiProblem } from '../integration-descriptor.ts';

/** The free plan's calls of this month are used up: waiting 30 s, as after any other 429, is of no use. */
const MONTHLY_LIMIT = 'PUBLIC_API_BILLING_LIMIT_EXCEEDED';

/** Airtable's "Errors" and "Rate limits" pages. */
export function airtableProblem(answer: ApiAnswer): ApiProblem | undefined {
  const reason = reasonOf(answer);
  if (reason === MONTHLY_LIMIT) return { kind: 'refused', reason };
  const problem = problemByStatus(answer);
  return problem?.kind === 'refused' && reason !== undefined ? { kind: 'refused', reason } : problem;
}

/** `{"error":{"type"}}`, `{"error":"NOT_FOUND"}`, or, seen with 429, `{"errors":[{"error"}]}`. */
function reasonOf({ status, body }: ApiAnswer): string | undefined {
  if (status < 400) return undefined;
  const { error } = body;
  return text(error) ?? text(object(error)['type']) ?? text(objects(body['errors'])[0]?.['error']);
}
