import { Inject, Injectable, Logger } from '@nestjs/common';
import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState } from 'oauth4webapi';
import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError, reasonOf } from '../errors/patchbay-error.ts';
import { isStorageUnavailable } from '../storage/storage-unavailable.ts';
import { Secret } from '../errors/secret.ts';
import { exchangeCode } from '../oauth/authorization-code-grant.ts';
import { authorizationRequestUrl } from '../oauth/authorization-request.ts';
import type { AuthorizationResponse } from '../oauth/authorization-response.ts';
import type { OAuthClient, TokenResponse } from '../oauth/oauth-client.ts';
import { TokenEndpointError } from '../oauth/token-endpoint-error.ts';
import { OutboundClient } from '../outbound/outbound-client.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { grantFrom, type Account, type Connection } from './connection.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { GrantRevoker } from './grant-revoker.ts';
import type { Owner } from './owner.ts';
import {
  AUTHORIZATION_TTL_SECONDS,
  type AuthorizationOutcome,
  type PendingAuthorization,
} from './pending-authorization.ts';
import { PendingAuthorizations } from './pending-authorizations.ts';

export interface BeginAuthorization {
  readonly owner: Owner;
  readonly scopes: readonly string[];
  readonly callerId: string;
  readonly browserBinding?: BrowserBinding;
  /** Already checked against the allowed origins. */
  readonly returnUrl?: string;
}

export interface BegunAuthorization {
  readonly authorizationUrl: string;
  readonly state: string;
  readonly expiresIn: number;
}

export interface AuthorizationResult {
  readonly status: 'connected' | 'denied' | 'failed';
  readonly error?: ErrorCode | 'access_denied';
  readonly connectionId?: string;
  readonly state: string;
  readonly returnUrl?: string;
}

/** Finds out which account a fresh grant is for: from the token answer where it says so, else by asking the provider. */
export type IdentifyAccount = (response: TokenResponse) => Promise<Account>;

/** From authorization request to connection. */
@Injectable()
export class AuthorizationFlow {
  readonly #log = new Logger(AuthorizationFlow.name);

  constructor(
    @Inject(PendingAuthorizations) private readonly pendings: PendingAuthorizations,
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(OutboundClient) private readonly outbound: OutboundClient,
    @Inject(GrantRevoker) private readonly revoker: GrantRevoker,
  ) {}

  async begin(client: OAuthClient, request: BeginAuthorization): Promise<BegunAuthorization> {
    const state = generateRandomState();
    const codeVerifier = client.dialect.pkce === 'S256' ? generateRandomCodeVerifier() : undefined;
    const codeChallenge = codeVerifier === undefined ? undefined : await calculatePKCECodeChallenge(codeVerifier);
    await this.pendings.add(state, {
      owner: request.owner,
      integration: client.integration,
      redirectUri: client.redirectUri,
      scopes: request.scopes,
      callerId: request.callerId,
      expiresAt: Date.now() + AUTHORIZATION_TTL_SECONDS * 1000,
      ...(codeVerifier === undefined ? {} : { codeVerifier: new Secret(codeVerifier) }),
      ...(request.browserBinding === undefined ? {} : { browserBindingHash: request.browserBinding.hash }),
      ...(request.returnUrl === undefined ? {} : { returnUrl: request.returnUrl }),
    });
    const url = authorizationRequestUrl(client, {
      state,
      scopes: request.scopes,
      ...(codeChallenge === undefined ? {} : { codeChallenge }),
    });
    return { authorizationUrl: url.href, state, expiresIn: AUTHORIZATION_TTL_SECONDS };
  }

  /**
   * Consumes an authorization response. What the provider did wrong is a result, since the state is used up either way.
   * @throws PatchbayError `authorization_expired` for a state that is unknown, used or too old; `invalid_request` when the
   * response belongs to another integration or browser (then nothing was consumed and nothing written)
   */
  async complete(
    client: OAuthClient,
    response: AuthorizationResponse,
    browserBinding: BrowserBinding | undefined,
    identify: IdentifyAccount,
  ): Promise<AuthorizationResult> {
    refuseForeign(client, await this.pendings.peek(response.state), browserBinding);
    const pending = await this.pendings.take(response.state);
    if (pending === undefined) throw expired();
    const result = await this.#resultOf(client, response, pending, identify);
    const { status, error, connectionId } = result;
    await this.#conclude(response.state, pending, {
      status,
      ...(error === undefined ? {} : { error }),
      ...(connectionId === undefined ? {} : { connectionId }),
    });
    return pending.returnUrl === undefined ? result : { ...result, returnUrl: pending.returnUrl };
  }

  async outcome(integration: string, state: string, callerId: string): Promise<AuthorizationOutcome | undefined> {
    return this.pendings.outcome(state, integration, callerId);
  }

  /** A store that fails only now undoes nothing of what has happened: the browser is told how it ended all the same. */
  async #conclude(state: string, pending: PendingAuthorization, outcome: AuthorizationOutcome): Promise<void> {
    try {
      await this.pendings.conclude(state, pending, outcome);
    } catch (error) {
      const reason = reasonOf(error);
      this.#log.warn({
        msg: 'the outcome of an authorization could not be stored',
        integration: pending.integration,
        reason,
      });
    }
  }

  async #resultOf(
    client: OAuthClient,
    response: AuthorizationResponse,
    pending: PendingAuthorization,
    identify: IdentifyAccount,
  ): Promise<AuthorizationResult> {
    const { state } = response;
    if (response.kind === 'error') {
      // RFC 6749 §4.1.2.1: access_denied is the owner's no; every other error is a failure of the request.
      if (response.error === 'access_denied') return { status: 'denied', error: 'access_denied', state };
      return { status: 'failed', error: 'provider_error', state };
    }
    try {
      const { connectionId } = await this.#connect(client, response, pending, identify);
      return { status: 'connected', connectionId, state };
    } catch (error) {
      if (error instanceof PatchbayError) {
        this.#tell(client, error);
        return { status: 'failed', error: error.code, state };
      }
      await this.#conclude(state, pending, { status: 'failed', error: 'internal_error' });
      throw error;
    }
  }

  /** That our client isn't accepted concerns everybody, and nobody but the operator can mend it. */
  #tell({ integration }: OAuthClient, error: PatchbayError): void {
    if (error instanceof TokenEndpointError && error.refusal === 'misconfigured') {
      const msg = 'the provider does not accept our client: nobody can connect';
      this.#log.error({ msg, integration, reason: error.oauthError });
    } else {
      this.#log.warn({ msg: 'an authorization came to nothing', integration, reason: error.code });
    }
  }

  async #connect(
    client: OAuthClient,
    response: AuthorizationResponse & { kind: 'code' },
    pending: PendingAuthorization,
    identify: IdentifyAccount,
  ): Promise<Connection> {
    const askedAt = Date.now();
    const tokens = await exchangeCode(
      this.outbound,
      { ...client, redirectUri: pending.redirectUri },
      {
        code: response.code,
        state: response.state,
        ...(response.issuer === undefined ? {} : { issuer: response.issuer }),
        ...(pending.codeVerifier === undefined ? {} : { codeVerifier: pending.codeVerifier }),
      },
    );
    // Counted from before the request, so that a slow answer never makes a token look younger than it is.
    const grant = grantFrom(tokens, askedAt);
    try {
      return await this.connections.saveGrant({
        owner: pending.owner,
        integration: client.integration,
        clientId: client.clientId,
        account: await identify(tokens),
        // RFC 6749 §5.1: an answer that names no scope granted what was asked.
        scopes: tokens.scopes ?? pending.scopes,
        requestedScopes: pending.scopes,
        grant,
      });
    } catch (error) {
      // Nobody will ever use what could not be kept. A write that the store didn't answer may have taken effect all the
      // same: what it wrote must not be revoked behind its back.
      if (!isStorageUnavailable(error)) await this.revoker.revoke(client, grant);
      throw error;
    }
  }
}

function refuseForeign(
  client: OAuthClient,
  pending: PendingAuthorization | undefined,
  browserBinding: BrowserBinding | undefined,
): void {
  if (pending === undefined) throw expired();
  if (pending.integration !== client.integration) {
    throw new PatchbayError('invalid_request', 'This authorization was begun for another integration.', {
      integration: client.integration,
    });
  }
  if (pending.browserBindingHash !== undefined && browserBinding?.matches(pending.browserBindingHash) !== true) {
    const message = 'This authorization was begun in another browser. Begin again in this one.';
    throw new PatchbayError('invalid_request', message, { integration: client.integration });
  }
}

function expired(): PatchbayError {
  return new PatchbayError(
    'authorization_expired',
    'This authorization is unknown, already used, or older than 10 minutes. Begin again.',
  );
}
