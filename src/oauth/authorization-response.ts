import { PatchbayError, type FieldProblem } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';

/** What came back with the resource owner's browser (RFC 6749 §4.1.2), validated. */
export type AuthorizationResponse =
  | { readonly kind: 'code'; readonly state: string; readonly code: Secret; readonly issuer?: string }
  | { readonly kind: 'error'; readonly state: string; readonly error: string };

const STATE = /^[A-Za-z0-9._-]{16,1024}$/;
// RFC 6749 appendix A.11 allows any VSCHAR in a code.
const CODE = /^[\x20-\x7e]{1,4096}$/;
// RFC 6749 §4.1.2.1: %x20-21 / %x23-5B / %x5D-7E.
const ERROR = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,256}$/;
const ISSUER = /^https:\/\/[\x21-\x7e]{1,500}$/;

/**
 * Reads the callback's query. Exactly one each of `state` and either `code` or `error`; other parameters are a
 * provider's own and are left unread, `error_description` above all.
 * @throws PatchbayError `invalid_request`
 */
export function readAuthorizationResponse(query: URLSearchParams): AuthorizationResponse {
  const problems: FieldProblem[] = [];
  const read = (field: string, form: RegExp): string | undefined => {
    const values = query.getAll(field);
    if (values.length === 0) return undefined;
    const [value = ''] = values;
    if (values.length > 1) problems.push({ field, problem: 'must stand once' });
    else if (!form.test(value)) problems.push({ field, problem: 'has a form that is not accepted' });
    return value;
  };
  const state = read('state', STATE);
  const code = read('code', CODE);
  const error = read('error', ERROR);
  const issuer = read('iss', ISSUER);
  if (state === undefined) problems.push({ field: 'state', problem: 'is missing' });
  if ((code === undefined) === (error === undefined)) {
    problems.push({ field: 'code', problem: 'must stand here, or error in its place, and not both' });
  }
  if (problems.length > 0 || state === undefined) {
    throw new PatchbayError('invalid_request', 'This is not a usable authorization response.', { fields: problems });
  }
  if (code === undefined) return { kind: 'error', state, error: error ?? '' };
  return { kind: 'code', state, code: new Secret(code), ...(issuer === undefined ? {} : { issuer }) };
}
