/**
 * Seconds a `Retry-After` header asks to wait (RFC 9110 §10.2.3: whole seconds, or an HTTP date).
 * @returns undefined when there is none, or none that can be understood
 */
export function retryAfterSeconds(
  header: string | readonly string[] | undefined,
  now = Date.now(),
): number | undefined {
  const text = typeof header === 'string' ? header.trim() : header?.[0]?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}
