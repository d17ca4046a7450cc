import { sealCountsIn } from '../../src/cli/keys-store.ts';
import { KeyRotation, type RotationReport } from '../../src/cli/keys-rotation.ts';
import { CredentialCipher } from '../../src/crypto/credential-cipher.ts';
import { KeyRing } from '../../src/crypto/key-ring.ts';
import { Secret } from '../../src/errors/secret.ts';
import type { KeyValueStore } from '../../src/storage/key-value-store.ts';

/** As `keys rotate` does it, without the command line around it. @param encryptionKeys the first seals, all open */
export function reseal(store: KeyValueStore, encryptionKeys: string): Promise<RotationReport> {
  const ring = KeyRing.parse(new Secret(encryptionKeys));
  const counts = sealCountsIn(store);
  const rotation = new KeyRotation(store, new CredentialCipher(ring), {
    onProgress: () => undefined,
    onSealed: async (seals) => {
      await counts.add(ring.activeKeyId, seals);
    },
  });
  return rotation.run();
}
