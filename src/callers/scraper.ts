import type { IncomingMessage } from 'node:http';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../errors/secret.ts';

export const METRICS_PATH = '/metrics';

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,512}=*)$/i;

/** Whether a request brings the token that Prometheus was given (RFC 6750 §2.1), compared in constant time. */
export function isScraper({ headers }: Pick<IncomingMessage, 'headers'>, token: Secret | undefined): boolean {
  const presented = BEARER.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || presented === undefined) return false;
  return timingSafeEqual(sha256(presented), sha256(token.reveal()));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
