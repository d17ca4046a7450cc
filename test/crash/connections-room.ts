import { Logger } from '@nestjs/common';
import { AppConfig } from '../../src/config/app-config.ts';
import { AccessTokens } from '../../src/connections/access-tokens.ts';
import { AuthorizationFlow } from '../../src/connections/authorization-flow.ts';
import { ConnectionRepository } from '../../src/connections/connection-repository.ts';
import { ConnectionUses } from '../../src/connections/connection-uses.ts';
import { GrantAuthorities } from '../../src/connections/grant-authorities.ts';
import { GrantRefresher } from '../../src/connections/grant-refresher.ts';
import { GrantRevoker } from '../../src/connections/grant-revoker.ts';
import { PendingAuthorizations } from '../../src/connections/pending-authorizations.ts';
import { RefreshJournal } from '../../src/connections/refresh-journal.ts';
import { RenewedGrants } from '../../src/connections/renewed-grants.ts';
import { TokenRenewal } from '../../src/connections/token-renewal.ts';
import { CredentialCipher } from '../../src/crypto/credential-cipher.ts';
import { KeyRing } from '../../src/crypto/key-ring.ts';
import { Secret } from '../../src/errors/secret.ts';
import type { OutboundClient } from '../../src/outbound/outbound-client.ts';
import type { KeyValueStore } from '../../src/storage/key-value-store.ts';

/** The connections room as the service builds it, without the rest of the service: a child process starts in 0.2 s. */
export function connectionsRoom(store: KeyValueStore, outbound: OutboundClient, encryptionKeys: string) {
  Logger.overrideLogger(false);
  const cipher = new CredentialCipher(KeyRing.parse(new Secret(encryptionKeys)));
  const config = Object.assign(Object.create(AppConfig.prototype) as AppConfig, { connectionIdleTtlDays: 90 });
  const connections = new ConnectionRepository(store, cipher, config);
  const renewed = new RenewedGrants(connections);
  // Nobody is entered who could revoke: Airtable can't.
  const revoker = new GrantRevoker(new GrantAuthorities());
  const journal = new RefreshJournal(connections);
  const renewal = new TokenRenewal(connections, journal, renewed, revoker, outbound);
  const refresher = new GrantRefresher(store, connections, journal, renewal, renewed);
  const pendings = new PendingAuthorizations(store, cipher);
  return {
    connections,
    flow: new AuthorizationFlow(pendings, connections, outbound, revoker),
    tokens: new AccessTokens(connections, refresher, new ConnectionUses(connections, cipher)),
    settled: () => refresher.onApplicationShutdown(),
  };
}

export type ConnectionsRoom = ReturnType<typeof connectionsRoom>;
