import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { ApiClients } from './api-clients.ts';
import { BrowserSessions } from './browser-sessions.ts';
import { CallerAuthenticator } from './caller-authenticator.ts';
import { Nonces } from './nonces.ts';

@Module({
  imports: [CryptoModule, StorageModule],
  providers: [ApiClients, BrowserSessions, CallerAuthenticator, Nonces],
  exports: [ApiClients, BrowserSessions, CallerAuthenticator],
})
export class CallersModule {}
