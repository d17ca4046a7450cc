import { Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { CredentialCipher } from './credential-cipher.ts';
import { generatedKey } from './generated-key.ts';
import { KeyRing } from './key-ring.ts';
import { SealTally } from './seal-tally.ts';

/** The application has asked for the ring before (and for a key to be made), so that here there is one. */
function keyRing(config: AppConfig): KeyRing {
  return KeyRing.parse(config.encryptionKeys ?? generatedKey(config.dataDir).keys);
}

@Module({
  providers: [
    { provide: KeyRing, useFactory: keyRing, inject: [AppConfig] },
    SealTally,
    {
      provide: CredentialCipher,
      useFactory: (ring: KeyRing, tally: SealTally) => new CredentialCipher(ring, tally),
      inject: [KeyRing, SealTally],
    },
  ],
  exports: [CredentialCipher, KeyRing, SealTally],
})
export class CryptoModule {}
