import type { IncomingHttpHeaders } from 'node:http';

/**
 * Seconds a `Retry-After` header asks to wait (RFC 9110 §10.2.3: whole seconds, or an HTTP date). A date is taken against
 * the answer's own `Date`, so that it means the same whatever our clock says.
 * @returns undefined when there is none, or none that can be understood
 */
export function retryAfterSeconds(headers: IncomingHttpHeaders, now = Date.now()): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const answeredAt = Date.parse(headers.date ?? '');
  return Math.max(0, Math.ceil((at - (Number.isNaN(answeredAt) ? now : answeredAt)) / 1000));
}
