import { Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { CredentialCipher } from './credential-cipher.ts';
import { generatedKey, type GeneratedKey } from './generated-key.ts';
import { KeyRing } from './key-ring.ts';

/**
 * The key that is generated where none is configured. Asked for before the store is opened: the store makes its file, and
 * a key that is missing beside it must be known for lost.
 * @returns undefined when keys are configured
 */
export function generatedKeyFor(config: AppConfig): GeneratedKey | undefined {
  if (config.encryptionKeys !== undefined) return undefined;
  return generatedKey(config.dataDir, config.store.kind === 'sqlite' ? config.store.path : undefined);
}

/** @throws KeyRingError when the keys can't be used */
function keyRing(config: AppConfig): KeyRing {
  return KeyRing.parse(config.encryptionKeys ?? generatedKey(config.dataDir).keys);
}

@Module({
  providers: [
    { provide: KeyRing, useFactory: keyRing, inject: [AppConfig] },
    { provide: CredentialCipher, useFactory: (ring: KeyRing) => new CredentialCipher(ring), inject: [KeyRing] },
  ],
  exports: [CredentialCipher, KeyRing],
})
export class CryptoModule {}
