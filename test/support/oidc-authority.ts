import type { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { answerApi } from './oidc-airtable-api.ts';
import { followToCallback, sayYes } from './oidc-consent.ts';
import {
  clientMetadata,
  INTERACTION_PATH,
  providerSettings,
  type OidcClientSettings,
} from './oidc-provider-settings.ts';
import { OidcStore } from './oidc-store.ts';
import { TokenGate, type TokenDelay } from './oidc-token-gate.ts';

export interface OidcAuthorityOptions extends OidcClientSettings {
  /** How late the token endpoint answers, in milliseconds, after it has acted; 0 by default. */
  readonly tokenDelayMs?: number;
  /** 3600 by default. */
  readonly accessTokenTtlSeconds?: number;
}

/** What the token endpoint was asked and did, since the start or the last reset. */
export interface OidcCounts {
  /** As they arrive: before any delay, and whoever sent them. */
  tokenRequests: number;
  exchanges: number;
  /** Requests with grant_type=refresh_token, as they were understood: also those refused. */
  refreshAttempts: number;
  refreshesGranted: number;
  refreshesRefused: number;
  /** Of those refused: a refresh token that had been used before. */
  reuses: number;
  /** Grants ended with everything they gave out, which is what a reuse leads to. */
  grantsRevoked: number;
}

export interface OidcAuthority {
  readonly url: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** Airtable's API as far as the tokens of this server open it. */
  readonly apiUrl: string;
  /** The service's configuration for this server in Airtable's place. */
  readonly environment: Readonly<Record<string, string>>;
  readonly counts: Readonly<OidcCounts>;
  /** Errors of the server itself; none when all went well. */
  readonly failures: readonly Error[];
  /** From the next token request on. */
  tokenDelay: TokenDelay;
  /** The life of the access tokens given out from here on. */
  accessTokenTtlSeconds: number;
  /** Logs in (as `account`, Airtable's `usr…`) and consents. @returns the callback's address with its query */
  approve(authorizationUrl: string, account?: string): Promise<URL>;
  /** @returns how many were alive or expired by time */
  expireAccessTokens(): number;
  /** For who knows his own address only later. */
  addRedirectUri(uri: string): Promise<void>;
  resetCounts(): void;
  close(): Promise<void>;
}

/**
 * panva's authorization server in place of Airtable's. It revokes the whole grant when a used refresh token comes again,
 * with no grace at all.
 */
export async function startOidcAuthority(options: OidcAuthorityOptions): Promise<OidcAuthority> {
  const store = new OidcStore();
  const gate = new TokenGate();
  gate.delay = { ms: options.tokenDelayMs ?? 0, when: 'after' };
  const { server, url } = await listen();
  let accessTokenTtlSeconds = options.accessTokenTtlSeconds ?? 3600;
  const provider = new Provider(
    url,
    providerSettings(store, () => accessTokenTtlSeconds),
  );
  const clients = store.adapterFor('Client');
  const redirectUris = [...options.redirectUris];
  const register = () => clients.upsert(options.clientId, clientMetadata(options, [...redirectUris]));
  await register();
  // Airtable sends no issuer; this one's is http, which RFC 9207 section 2 doesn't allow.
  provider.on('authorization.success', (_context, parameters) => {
    if (parameters !== undefined) delete parameters['iss'];
  });
  const counts = countOn(provider);
  const failures = failuresOf(provider);
  provider.use((context, next) => {
    if (context.path !== '/token') return next();
    counts.tokenRequests += 1;
    return gate.pass(context.res, next).then(() => undefined);
  });
  const fail = (error: unknown) => failures.push(error instanceof Error ? error : new Error(String(error)));
  server.on('request', route(provider, fail));
  const [authorizationUrl, tokenUrl, apiUrl] = [`${url}/auth`, `${url}/token`, `${url}/v0`];
  return {
    url,
    authorizationUrl,
    tokenUrl,
    apiUrl,
    environment: {
      AIRTABLE_CLIENT_ID: options.clientId,
      AIRTABLE_CLIENT_SECRET: options.clientSecret,
      AIRTABLE_AUTHORIZATION_URL: authorizationUrl,
      AIRTABLE_TOKEN_URL: tokenUrl,
      AIRTABLE_API_URL: apiUrl,
    },
    counts,
    failures,
    get tokenDelay() {
      return gate.delay;
    },
    set tokenDelay(delay) {
      gate.delay = delay;
    },
    get accessTokenTtlSeconds() {
      return accessTokenTtlSeconds;
    },
    set accessTokenTtlSeconds(seconds) {
      accessTokenTtlSeconds = seconds;
    },
    approve(address, account) {
      const target = new URL(address);
      if (account !== undefined) target.searchParams.set('login_hint', account);
      return followToCallback(target);
    },
    expireAccessTokens: () => store.removeAll('AccessToken'),
    async addRedirectUri(uri) {
      redirectUris.push(uri);
      await register();
    },
    resetCounts: () => Object.assign(counts, NOTHING),
    close: () => stop(server),
  };
}

const NOTHING: OidcCounts = {
  tokenRequests: 0,
  exchanges: 0,
  refreshAttempts: 0,
  refreshesGranted: 0,
  refreshesRefused: 0,
  reuses: 0,
  grantsRevoked: 0,
};

function countOn(provider: Provider): OidcCounts {
  const counts = { ...NOTHING };
  provider.on('grant.success', (context) => {
    if (context.oidc.params?.['grant_type'] === 'refresh_token') {
      counts.refreshAttempts += 1;
      counts.refreshesGranted += 1;
    } else {
      counts.exchanges += 1;
    }
  });
  provider.on('grant.error', (context, error) => {
    if (context.oidc.params?.['grant_type'] !== 'refresh_token') return;
    counts.refreshAttempts += 1;
    counts.refreshesRefused += 1;
    if (error.error_detail === 'refresh token already used') counts.reuses += 1;
  });
  provider.on('grant.revoked', () => void (counts.grantsRevoked += 1));
  return counts;
}

/** A client that goes away is no failure of the server. */
function failuresOf(provider: Provider): Error[] {
  const failures: Error[] = [];
  const note = (error: Error & { code?: string }) => {
    if (!['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(error.code ?? '')) failures.push(error);
  };
  provider.on('server_error', (_context, error) => note(error));
  // Koa's own event, which the types of oidc-provider leave out.
  (provider as EventEmitter).on('error', note);
  return failures;
}

function route(provider: Provider, fail: (error: unknown) => void): RequestListener {
  const oauth = provider.callback();
  return (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/';
    const answered = path.startsWith('/v0/')
      ? answerApi(provider, request, response)
      : path.startsWith(INTERACTION_PATH)
        ? sayYes(provider, request, response)
        : oauth(request, response);
    Promise.resolve(answered).catch((error: unknown) => {
      fail(error);
      response.destroy();
    });
  };
}

async function listen(): Promise<{ server: Server; url: string }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
