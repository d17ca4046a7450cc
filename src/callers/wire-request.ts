import type { IncomingMessage } from 'node:http';
import type { RequestDescriptor } from 'http-message-sig';
import { PatchbayError } from '../errors/patchbay-error.ts';

/** A request as it came over the wire, which is what was signed. */
export interface WireRequest {
  readonly descriptor: RequestDescriptor;
  readonly body: Buffer;
}

/** Node keeps one of several, or joins them: whoever checks and whoever uses could then see different values. */
const SINGLE_FIELDS: ReadonlySet<string> = new Set([
  ...['host', 'authorization', 'content-type', 'content-length', 'content-encoding', 'content-digest'],
  ...['signature', 'signature-input', 'transfer-encoding', 'cookie', 'origin'],
]);

// RFC 3986 §3.3, raw or percent-encoded: a router and a proxy may resolve it, and then another path was signed.
const DOT_SEGMENT = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i;

const ASCII = /^[\t\x20-\x7e]*$/;

/**
 * @param origin the configured origin whose authority the request names
 * @throws PatchbayError `invalid_request` for what two readers could read differently
 */
export function wireRequest(request: IncomingMessage, body: Buffer, origin: string): WireRequest {
  const target = request.url ?? '';
  const [path = ''] = target.split('?', 1);
  // RFC 9112 §3.2: only the origin form is for servers that are no proxies.
  if (!target.startsWith('/')) throw refused('The request target must be a path.');
  if (target.startsWith('//') || DOT_SEGMENT.test(path)) throw refused('The path has empty or dot segments.');
  if (target.includes('#')) throw refused('The request target has a fragment.');
  const fields = fieldsOf(request.rawHeaders);
  return { descriptor: { kind: 'request', method: request.method ?? '', targetUri: origin + target, fields }, body };
}

function fieldsOf(rawHeaders: readonly string[]): { name: string; value: string }[] {
  const fields: { name: string; value: string }[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (seen.has(name) && SINGLE_FIELDS.has(name)) throw refused(`The header ${name} stands more than once.`);
    seen.add(name);
    const value = rawHeaders[at + 1] ?? '';
    // RFC 9421 §2.1: what isn't ASCII can't be signed. A browser may still send it, in another site's cookie say.
    if (ASCII.test(value)) fields.push({ name, value });
  }
  return fields;
}

function refused(message: string): PatchbayError {
  return new PatchbayError('invalid_request', message);
}
