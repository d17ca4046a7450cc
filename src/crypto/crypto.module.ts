import { Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { CredentialCipher } from './credential-cipher.ts';
import { generatedKey } from './generated-key.ts';
import { KeyRing } from './key-ring.ts';

/** The application has asked for the ring before (and for a key to be made), so that here there is one. */
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
