import type { IncomingHttpHeaders } from 'node:http';

/**
 * A provider that asks for longer is asked again nevertheless: by mistake, or by malice, it could ask for years. The longest
 * that any of ours means is HubSpot's, a day; asking it once an hour meanwhile does no harm.
 */
const LONGEST_ASKED_WAIT_SECONDS = 3_600;

export const LONGEST_ASKED_WAIT_MS = LONGEST_ASKED_WAIT_SECONDS * 1_000;

/** As much of what a provider asks for as is granted, wherever in its answer it said so. */
export function grantedSeconds(asked: number): number {
  return Math.min(Math.max(0, asked), LONGEST_ASKED_WAIT_SECONDS);
}

/**
 * Seconds a `Retry-After` header asks to wait (RFC 9110 §10.2.3: whole seconds, or an HTTP date), an hour at most. A date is
 * taken against the answer's own `Date`, so that it means the same whatever our clock says.
 * @returns undefined when there is none, or none that can be understood
 */
export function retryAfterSeconds(headers: IncomingHttpHeaders, now = Date.now()): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return grantedSeconds(Number(text));
  // An HTTP date begins with the name of a day; the parser makes a year of any number.
  const at = /^[A-Z]/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  const answeredAt = Date.parse(headers.date ?? '');
  return grantedSeconds(Math.ceil((at - (Number.isNaN(answeredAt) ? now : answeredAt)) / 1000));
}
