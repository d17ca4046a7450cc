import type { Secret } from '../errors/secret.ts';
import type { TokenResponse, TokenSet } from '../oauth/oauth-client.ts';
import type { Owner } from './owner.ts';

/** The account at the provider that a grant is for. */
export interface Account {
  readonly id: string;
  readonly name: string | null;
}

export type ConnectionStatus = 'active' | 'reauthorization_required';

/** One owner's grant at one provider account. Times are epoch milliseconds. Holds no token. */
export interface Connection extends Owner {
  readonly connectionId: string;
  readonly integration: string;
  /** The OAuth client the grant was given to. To any other it means nothing, and must not be shown. */
  readonly clientId: string;
  readonly account: Account;
  /** Granted, not asked. */
  readonly scopes: readonly string[];
  readonly status: ConnectionStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When its owner last consented: what "the latest connection" goes by. */
  readonly authorizedAt: number;
  readonly lastUsedAt: number | null;
  /** When the access token ends; null when the provider doesn't say. */
  readonly expiresAt: number | null;
}

/** An open token with the times that decide when to renew it (epoch milliseconds). */
export interface GrantedToken {
  readonly accessToken: Secret;
  readonly refreshToken?: Secret;
  readonly obtainedAt: number;
  readonly expiresAt?: number;
}

/** The open secrets of a connection: the token that is used, and further ones by name (such as Slack's user token). */
export interface Grant {
  readonly primary: GrantedToken;
  readonly additional: ReadonlyMap<string, GrantedToken>;
}

/** What a store read gives: the connection, its secrets and the record version both were read at. */
export interface OpenConnection {
  readonly connection: Connection;
  readonly grant: Grant;
  readonly version: number;
}

export function grantFrom(response: TokenResponse, obtainedAt: number): Grant {
  const additional = [...response.additional].map(([name, set]) => [name, grantedToken(set, obtainedAt)] as const);
  return { primary: grantedToken(response, obtainedAt), additional: new Map(additional) };
}

/** A refresh that brings no new refresh token leaves the old one standing (RFC 6749 §6). */
export function grantedToken(set: TokenSet, obtainedAt: number, previous?: GrantedToken): GrantedToken {
  const refreshToken = set.refreshToken ?? previous?.refreshToken;
  return {
    accessToken: set.accessToken,
    obtainedAt,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(set.expiresIn === undefined ? {} : { expiresAt: obtainedAt + set.expiresIn * 1000 }),
  };
}

/** Whether both were read with the same access token: if not, somebody has renewed it in between. */
export function hasSameToken(a: OpenConnection, b: OpenConnection): boolean {
  return a.grant.primary.accessToken.reveal() === b.grant.primary.accessToken.reveal();
}
