import { Logger, Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { CredentialCipher } from './credential-cipher.ts';
import { generatedKey } from './generated-key.ts';
import { KeyRing } from './key-ring.ts';

function keyRing(config: AppConfig): KeyRing {
  if (config.encryptionKeys !== undefined) return KeyRing.parse(config.encryptionKeys);
  const { keys, path, created } = generatedKey(config.dataDir);
  if (created)
    new Logger('KeyRing').warn(`Made an encryption key in ${path}: back it up, the grants open with it alone.`);
  return KeyRing.parse(keys);
}

@Module({
  providers: [
    { provide: KeyRing, useFactory: keyRing, inject: [AppConfig] },
    { provide: CredentialCipher, useFactory: (ring: KeyRing) => new CredentialCipher(ring), inject: [KeyRing] },
  ],
  exports: [CredentialCipher, KeyRing],
})
export class CryptoModule {}
