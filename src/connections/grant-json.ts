import { Secret } from '../errors/secret.ts';
import type { Grant, GrantedToken } from './connection.ts';

interface TokenJson {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly obtained_at: number;
  readonly expires_at?: number;
}

interface GrantJson {
  readonly primary: TokenJson;
  readonly additional: Readonly<Record<string, TokenJson>>;
}

/** The plaintext that is sealed. A Secret, because it is one. */
export function writeGrant(grant: Grant): Secret {
  const json: GrantJson = {
    primary: writeToken(grant.primary),
    additional: Object.fromEntries([...grant.additional].map(([name, token]) => [name, writeToken(token)])),
  };
  return new Secret(JSON.stringify(json));
}

/** Reads what writeGrant wrote. Only ever given text the cipher has authenticated. */
export function readGrant(text: Secret): Grant {
  const json = JSON.parse(text.reveal()) as GrantJson;
  const additional = Object.entries(json.additional).map(([name, token]) => [name, readToken(token)] as const);
  return { primary: readToken(json.primary), additional: new Map(additional) };
}

function writeToken(token: GrantedToken): TokenJson {
  return {
    access_token: token.accessToken.reveal(),
    obtained_at: token.obtainedAt,
    ...(token.refreshToken === undefined ? {} : { refresh_token: token.refreshToken.reveal() }),
    ...(token.expiresAt === undefined ? {} : { expires_at: token.expiresAt }),
  };
}

function readToken(json: TokenJson): GrantedToken {
  return {
    accessToken: new Secret(json.access_token),
    obtainedAt: json.obtained_at,
    ...(json.refresh_token === undefined ? {} : { refreshToken: new Secret(json.refresh_token) }),
    ...(json.expires_at === undefined ? {} : { expiresAt: json.expires_at }),
  };
}
