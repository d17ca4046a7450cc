import { createHash, timingSafeEqual } from 'node:crypto';
import { isInnerList, parseDictionary } from 'structured-headers';

/** RFC 9530 §5: the algorithms that are safe to use. Others in the field are passed over. */
const HASHES: Readonly<Record<string, string>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' };

/** Whether a Content-Digest field (RFC 9530 §2) holds at least one digest we know, and each we know is that of the bytes. */
export function digestMatches(field: string, bytes: Uint8Array): boolean {
  let known = 0;
  for (const [name, hash] of Object.entries(HASHES)) {
    const digest = digestIn(field, name);
    if (digest === undefined) continue;
    const expected = createHash(hash).update(bytes).digest();
    if (digest.length !== expected.length || !timingSafeEqual(digest, expected)) return false;
    known += 1;
  }
  return known > 0;
}

function digestIn(field: string, name: string): Uint8Array | undefined {
  const member = parsed(field)?.get(name);
  if (member === undefined) return undefined;
  // A member that is there and isn't bytes can't match anything.
  if (isInnerList(member) || !(member[0] instanceof ArrayBuffer)) return new Uint8Array();
  return new Uint8Array(member[0]);
}

function parsed(field: string) {
  try {
    return parseDictionary(field);
  } catch {
    return undefined;
  }
}
