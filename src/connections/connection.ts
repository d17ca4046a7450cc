import type { Secret } from '../errors/secret.ts';
import type { TokenResponse, TokenSet } from '../oauth/oauth-client.ts';
import type { Owner } from './owner.ts';
import type { EndReason, RefreshState } from './refresh-state.ts';

/** The account at the provider that a grant is for. */
export interface Account {
  readonly id: string;
  readonly name: string | null;
  /** What it belongs to, by the provider's id, where the provider counts calls for that as well. */
  readonly within?: string;
}

export type ConnectionStatus = 'active' | 'reauthorization_required';

/** One owner's grant at one provider account. Times are epoch milliseconds. Holds no token. */
export interface Connection extends Owner {
  readonly connectionId: string;
  readonly integration: string;
  /** The OAuth client the grant was given to. To any other it means nothing, and must not be shown. */
  readonly clientId: string;
  readonly account: Account;
  /** Granted, which may be less than was asked. */
  readonly scopes: readonly string[];
  readonly requestedScopes: readonly string[];
  readonly status: ConnectionStatus;
  /** Why it is no longer active; null while it is. */
  readonly reason: EndReason | null;
  readonly endedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When its owner last consented: what "the latest connection" goes by. */
  readonly authorizedAt: number;
  readonly lastUsedAt: number | null;
  /** When the access token ends; null when the provider doesn't say. */
  readonly expiresAt: number | null;
  readonly refresh: RefreshState;
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
  /** The key the grant is sealed with. */
  readonly keyId: string;
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

/** What the grant's first token goes by, beside the names of further ones. */
export const PRIMARY = 'primary';

export function tokenOf(grant: Grant, name: string): GrantedToken | undefined {
  return name === PRIMARY ? grant.primary : grant.additional.get(name);
}

/** The grant's tokens by name, the first one first. */
export function tokensOf(grant: Grant): readonly (readonly [name: string, token: GrantedToken])[] {
  return [[PRIMARY, grant.primary], ...grant.additional];
}

export function withToken(grant: Grant, name: string, token: GrantedToken): Grant {
  if (name === PRIMARY) return { ...grant, primary: token };
  return { ...grant, additional: new Map([...grant.additional, [name, token]]) };
}

export function withoutToken(grant: Grant, name: string): Grant {
  return { ...grant, additional: new Map([...grant.additional].filter(([other]) => other !== name)) };
}

/** Whether both hold the same access token of that name: if not, somebody has renewed it in between. */
export function hasSameToken(a: OpenConnection, b: OpenConnection, name = PRIMARY): boolean {
  return tokenOf(a.grant, name)?.accessToken.reveal() === tokenOf(b.grant, name)?.accessToken.reveal();
}
