import type { CredentialCipher } from '../crypto/credential-cipher.ts';
import type { StoredRecord } from '../storage/key-value-store.ts';
import { pendingSealContext } from './pending-authorizations.ts';

/**
 * A pending authorization sealed with the active key. Its record holds nothing but the envelope.
 * @param id the record's
 * @returns undefined when it is under the active key already
 * @throws UnsealError
 */
export function resealPending(cipher: CredentialCipher, { value }: StoredRecord, id: string): string | undefined {
  if (cipher.isCurrent(value)) return undefined;
  const context = pendingSealContext(id);
  return cipher.seal(cipher.open(value, context), context);
}
