import { createHash } from 'node:crypto';

/** A challenge as S256 makes them: 32 bytes in base64url without padding (RFC 7636 section 4.2). */
export function isS256Challenge(challenge: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(challenge);
}

/** RFC 7636 section 4.6. */
export function verifierMatches(challenge: string, verifier: string): boolean {
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}
