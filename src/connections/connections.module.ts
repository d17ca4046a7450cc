import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.ts';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { AccessTokens } from './access-tokens.ts';
import { AuthorizationFlow } from './authorization-flow.ts';
import { ConnectionEnding } from './connection-ending.ts';
import { ConnectionLifecycle } from './connection-lifecycle.ts';
import { ConnectionOverview } from './connection-overview.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { ConnectionUpkeep } from './connection-upkeep.ts';
import { ConnectionUses } from './connection-uses.ts';
import { GrantAuthorities } from './grant-authorities.ts';
import { GrantRefresher } from './grant-refresher.ts';
import { GrantRevoker } from './grant-revoker.ts';
import { IdleConnections } from './idle-connections.ts';
import { PendingAuthorizations } from './pending-authorizations.ts';
import { RefreshAhead } from './refresh-ahead.ts';
import { RefreshJournal } from './refresh-journal.ts';
import { RenewedGrants } from './renewed-grants.ts';
import { TokenRenewal } from './token-renewal.ts';

@Module({
  imports: [StorageModule, CryptoModule, OutboundModule],
  providers: [
    AccessTokens,
    AuthorizationFlow,
    ConnectionEnding,
    ConnectionLifecycle,
    ConnectionOverview,
    ConnectionRepository,
    ConnectionUpkeep,
    ConnectionUses,
    GrantAuthorities,
    GrantRefresher,
    GrantRevoker,
    IdleConnections,
    PendingAuthorizations,
    RefreshAhead,
    RefreshJournal,
    RenewedGrants,
    TokenRenewal,
  ],
  exports: [ConnectionLifecycle, GrantAuthorities],
})
export class ConnectionsModule {}
