import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.ts';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { AccessTokens } from './access-tokens.ts';
import { AuthorizationFlow } from './authorization-flow.ts';
import { ConnectionLifecycle } from './connection-lifecycle.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { GrantRefresher } from './grant-refresher.ts';
import { PendingAuthorizations } from './pending-authorizations.ts';
import { RenewedGrants } from './renewed-grants.ts';

@Module({
  imports: [StorageModule, CryptoModule, OutboundModule],
  providers: [
    AccessTokens,
    AuthorizationFlow,
    ConnectionLifecycle,
    ConnectionRepository,
    GrantRefresher,
    PendingAuthorizations,
    RenewedGrants,
  ],
  exports: [ConnectionLifecycle],
})
export class ConnectionsModule {}
