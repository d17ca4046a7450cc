import { Inject, Injectable } from '@nestjs/common';
import type { ApiClient } from './api-client.ts';
import { ApiClients } from './api-clients.ts';
import { BrowserSessions, sessionCaller } from './browser-sessions.ts';
import type { Caller, KeyHolder } from './caller.ts';
import { Nonces } from './nonces.ts';
import { verifyRequest, type FindKey } from './request-signature.ts';
import { p256Key, thumbprint, type P256Jwk, type VerificationKey } from './verification-key.ts';
import type { WireRequest } from './wire-request.ts';

interface Found {
  readonly caller: Caller;
  readonly key: VerificationKey;
  readonly client?: ApiClient;
}

/** Finds out who signed a request. */
@Injectable()
export class CallerAuthenticator {
  constructor(
    @Inject(ApiClients) private readonly clients: ApiClients,
    @Inject(BrowserSessions) private readonly sessions: BrowserSessions,
    @Inject(Nonces) private readonly nonces: Nonces,
  ) {}

  /** @throws PatchbayError one of the 401 codes; `storage_unavailable` when it can't be known */
  async authenticate(wire: WireRequest): Promise<Caller> {
    let found: Found | undefined;
    const findKey: FindKey = async (keyId) => {
      found = await this.#find(keyId);
      return found?.key;
    };
    const { keyId, nonce, created } = await verifyRequest(wire, findKey);
    // A signature only ever holds with a key that was found.
    if (found === undefined) throw new TypeError('A signature was verified without a key.');
    await this.nonces.use(keyId, nonce, created);
    if (found.client !== undefined) this.clients.resealInBackground(found.client);
    return found.caller;
  }

  /** For the one request that brings its own key: whoever sends it holds the key. */
  async authenticateHolder(wire: WireRequest, publicKey: P256Jwk): Promise<KeyHolder> {
    const key = p256Key(publicKey);
    const { nonce, created } = await verifyRequest(wire, () => Promise.resolve(key));
    const id = thumbprint(publicKey);
    await this.nonces.use(id, nonce, created);
    return { kind: 'key_holder', id };
  }

  async #find(keyId: string): Promise<Found | undefined> {
    const session = await this.sessions.find(keyId);
    if (session !== undefined) return { caller: sessionCaller(session), key: p256Key(session.publicKey) };
    const client = await this.clients.find(keyId);
    if (client === undefined) return undefined;
    const { clientId: id, permissions, orgs } = client;
    return { caller: { kind: 'api_client', id, permissions, orgs }, key: this.clients.keyOf(client), client };
  }
}
