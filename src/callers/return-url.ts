import { PatchbayError } from '../errors/patchbay-error.ts';

// Characters that URL parsers disagree about (RFC 3986 allows none of them unescaped): refused before parsing.
const PLAIN = /^https?:\/\/[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/;

/**
 * @returns the URL to send a browser to
 * @throws PatchbayError `invalid_request` unless its origin is, exactly, one of the allowed
 */
export function checkedReturnUrl(text: string, allowedOrigins: readonly string[]): string {
  const url = PLAIN.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const isAllowed =
    url !== undefined && url.username === '' && url.password === '' && allowedOrigins.includes(url.origin);
  // What a person sees in the text must be what a browser goes to: the origin stands literally at the start.
  if (isAllowed && (text === url.origin || text.startsWith(`${url.origin}/`) || text.startsWith(`${url.origin}?`))) {
    return url.href;
  }
  throw new PatchbayError('invalid_request', 'return_url must be on one of the allowed origins.', {
    fields: [{ field: 'return_url', problem: 'must be an absolute URL on one of ALLOWED_ORIGINS' }],
  });
}

/** The same URL with how it ended added to its query. */
export function withResult(returnUrl: string, result: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(returnUrl);
  for (const [name, value] of Object.entries(result)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}
