import type { SQLInputValue } from 'node:sqlite';
import type { ProviderName } from './providers.ts';

export type TokenKind = 'access' | 'refresh';
/** Whom a token acts for; only Slack tells the two apart. */
export type Actor = 'bot' | 'user';
export type TokenStatus = 'live' | 'expired' | 'rotated' | 'revoked';

export interface NewCode {
  readonly code: string;
  readonly provider: ProviderName;
  readonly clientId: string;
  readonly account: number;
  readonly redirectUri: string | null;
  readonly scopes: readonly string[];
  readonly userScopes: readonly string[];
  readonly challenge: string | null;
}

export interface Grant {
  readonly id: number;
  readonly clientId: string;
  readonly account: number;
  readonly scopes: readonly string[];
  readonly userScopes: readonly string[];
  readonly createdAt: number;
}

export interface NewToken {
  readonly token: string;
  readonly grantId: number;
  readonly kind: TokenKind;
  readonly actor: Actor;
  readonly scopes: readonly string[];
  /** Joins an access token and the refresh token it came with. */
  readonly pair: string;
  /** `null`: never by time. */
  readonly lifeSeconds: number | null;
}

export interface Token {
  readonly token: string;
  readonly grant: Grant;
  readonly kind: TokenKind;
  readonly actor: Actor;
  readonly scopes: readonly string[];
  readonly pair: string;
  readonly status: TokenStatus;
  readonly expiresAt: number | null;
  /** When a rotated or revoked token ended. */
  readonly endedAt: number | null;
}

export type Row = Record<string, SQLInputValue>;

export const words = (list: readonly string[]): string => list.join(' ');
const text = (value: SQLInputValue | undefined): string => (typeof value === 'string' ? value : '');
export const list = (value: SQLInputValue | undefined): string[] => text(value).split(' ').filter(Boolean);

export function codeOf(row: Row, provider: ProviderName): NewCode {
  return {
    code: text(row['code']),
    provider,
    clientId: text(row['client_id']),
    account: Number(row['account']),
    redirectUri: row['redirect_uri'] === null ? null : text(row['redirect_uri']),
    scopes: list(row['scopes']),
    userScopes: list(row['user_scopes']),
    challenge: row['challenge'] === null ? null : text(row['challenge']),
  };
}

export function grantOf(row: Row): Grant {
  return {
    id: Number(row['id']),
    clientId: text(row['client_id']),
    account: Number(row['account']),
    scopes: list(row['scopes']),
    userScopes: list(row['user_scopes']),
    createdAt: Number(row['created_at']),
  };
}

export function tokenOf(row: Row, now: number): Token {
  const expiresAt = row['expires_at'] === null ? null : Number(row['expires_at']);
  const endedBy = row['ended_by'];
  const ended: TokenStatus = endedBy === 'rotated' ? 'rotated' : 'revoked';
  const running: TokenStatus = expiresAt !== null && expiresAt <= now ? 'expired' : 'live';
  return {
    token: text(row['token']),
    grant: grantOf(row),
    kind: row['kind'] === 'access' ? 'access' : 'refresh',
    actor: row['actor'] === 'user' ? 'user' : 'bot',
    scopes: list(row['token_scopes']),
    pair: text(row['pair']),
    status: endedBy === null ? running : ended,
    expiresAt,
    endedAt: row['ended_at'] === null ? null : Number(row['ended_at']),
  };
}
