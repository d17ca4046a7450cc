import { Logger, Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { configuredKeyRing } from './configured-key-ring.ts';
import { CredentialCipher } from './credential-cipher.ts';
import { KeyRing } from './key-ring.ts';

function keyRing(config: AppConfig): KeyRing {
  return configuredKeyRing(config, (path) =>
    new Logger('KeyRing').warn(`Made an encryption key in ${path}: back it up, the grants open with it alone.`),
  );
}

@Module({
  providers: [
    { provide: KeyRing, useFactory: keyRing, inject: [AppConfig] },
    { provide: CredentialCipher, useFactory: (ring: KeyRing) => new CredentialCipher(ring), inject: [KeyRing] },
  ],
  exports: [CredentialCipher, KeyRing],
})
export class CryptoModule {}
