/** A path below a provider's base URL, with everything that came from outside already encoded. */
export type ProviderPath = string & { readonly __providerPath: true };

const SEGMENT_LENGTH_LIMIT = 512;

/**
 * Tag for paths with values in them: ``path`/meta/bases/${id}/tables` ``. A value can only ever be one path segment.
 * @throws TypeError for a value that is empty, over-long, a dot segment, or holds a control character
 */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): ProviderPath {
  return literals.reduce(
    (text, literal, index) => text + encodeSegment(values[index - 1] ?? '') + literal,
  ) as ProviderPath;
}

function encodeSegment(value: string): string {
  if (
    value === '' ||
    value.length > SEGMENT_LENGTH_LIMIT ||
    /^\.{1,2}$/.test(value) ||
    /[\u0000-\u001f\u007f]/.test(value)
  ) {
    throw new TypeError('Not usable as a path segment.');
  }
  return encodeURIComponent(value);
}

const ALLOWED = /^(?:\/[A-Za-z0-9._~%!$&'()*+,;=:-]+)+$/;
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;
const DANGEROUS_ESCAPE = /%(?:2f|5c|00|0d|0a)/i;

/**
 * Joins a base URL and a path so that the result can't leave the base: not its origin, not its path prefix.
 * @throws TypeError for a path that tries
 */
export function urlBelow(baseUrl: string, below: ProviderPath | '', query?: URLSearchParams): URL {
  const base = new URL(baseUrl);
  if (below !== '' && (!ALLOWED.test(below) || DOT_SEGMENT.test(below) || DANGEROUS_ESCAPE.test(below))) {
    throw new TypeError('Not a path below the provider.');
  }
  const prefix = base.pathname.replace(/\/$/, '');
  const url = new URL(base.origin + prefix + below);
  if (url.origin !== base.origin || !`${url.pathname}/`.startsWith(`${prefix}/`)) {
    throw new TypeError('Not a path below the provider.');
  }
  if (query !== undefined) url.search = query.toString();
  return url;
}
