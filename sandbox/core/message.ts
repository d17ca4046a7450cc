import type { IncomingHttpHeaders } from 'node:http';

/** A request as a provider's handlers see it: read whole, parsed, and free of the HTTP library. */
export interface Call {
  readonly method: string;
  /** Relative to the provider's prefix, without the query. */
  readonly path: string;
  /** Path and query as they were sent, relative to the provider's prefix. */
  readonly target: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The media type alone, lower case; empty when none was sent. */
  readonly contentType: string;
  /** The body when it was sent as application/x-www-form-urlencoded; else empty. */
  readonly form: URLSearchParams;
  /** The body when it was sent as JSON: an object, or `null` when it is none or doesn't parse. */
  readonly json: Readonly<Record<string, unknown>> | null;
  readonly bodyLength: number;
}

/** An answer that isn't on its way yet, so that a fault can still cut it or let it drip. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  };
}

export function empty(status: number): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '' };
}

export function redirect(location: string): Reply {
  return {
    status: 302,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: '',
  };
}

/** `url` with `params` added to whatever query it already has (RFC 6749 section 4.1.2). */
export function withParams(url: string, params: Readonly<Record<string, string | null>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(params)) {
    if (value !== null) target.searchParams.append(name, value);
  }
  return target.href;
}

/** The token of an `Authorization: Bearer` header; `null` when there is none. The word is case-sensitive at Slack. */
export function bearerToken(call: Call): string | null {
  return /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1] ?? null;
}

/** Id and secret of an `Authorization: Basic` header, in base64 or base64url, percent-encoded or plain. */
export function basicCredentials(call: Call): { id: string; secret: string } | null {
  const encoded = /^Basic ([\w+/=-]+)$/i.exec(call.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  // Buffer's base64 decoder takes the URL-safe alphabet too.
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** A member of a JSON body when it is a string. */
export function textMember(call: Call, name: string): string | null {
  const value = call.json?.[name];
  return typeof value === 'string' ? value : null;
}

/** A whole number within [min, max] from text; `null` when it is anything else. */
export function wholeNumber(text: string, min: number, max: number): number | null {
  if (!/^\d{1,15}$/.test(text)) return null;
  const value = Number(text);
  return value >= min && value <= max ? value : null;
}
