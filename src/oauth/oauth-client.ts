import type { Secret } from '../errors/secret.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A token endpoint's answer, or one turned into the shape of RFC 6749 §5.1 (success) or §5.2 (error). */
export interface TokenAnswer {
  readonly status: number;
  readonly body: JsonObject;
  /** Further token sets the same answer carried, by name, each in the shape of §5.1. */
  readonly additional?: Readonly<Record<string, JsonObject>>;
}

/** Where and how one authorization server departs from, or chooses within, RFC 6749. Data, so that no vendor needs a flag in shared code. */
export interface OAuthDialect {
  /** RFC 6749 §2.3.1: in the Authorization header (unescaped, as these servers read it) or in the body. */
  readonly clientAuthentication: 'client_secret_basic' | 'client_secret_post';
  readonly tokenRequestFormat: 'form' | 'json';
  /** RFC 7636. */
  readonly pkce: 'S256' | 'none';
  /** How the asked scopes become authorization request parameters. */
  readonly scopeParameters: (scopes: readonly string[]) => Readonly<Record<string, string>>;
  /** Fixed parameters of the authorization request. Can't override those of RFC 6749. */
  readonly authorizationParameters?: Readonly<Record<string, string>>;
  readonly tokenHeaders?: Readonly<Record<string, string>>;
  readonly normaliseTokenAnswer?: (answer: TokenAnswer) => TokenAnswer;
  /** Where the server bears fewer than usual: tokens that are renewed ahead of need in a second. What users wait for comes on top. */
  readonly refreshesAheadPerSecond?: number;
}

/** One client registered at one authorization server. */
export interface OAuthClient {
  readonly integration: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly redirectUri: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** RFC 7009, where the server has it. */
  readonly revocationEndpoint?: string;
  readonly dialect: OAuthDialect;
}

/** The one access token and what renews it. */
export interface TokenSet {
  readonly accessToken: Secret;
  readonly refreshToken?: Secret;
  /** Seconds the access token lives, counted from the answer. Absent: the server doesn't say. */
  readonly expiresIn?: number;
  /** Absent: the server doesn't say, which by RFC 6749 §5.1 means as asked. */
  readonly scopes?: readonly string[];
}

export interface TokenResponse extends TokenSet {
  /** By name: a second token the same grant carries, such as Slack's user token. */
  readonly additional: ReadonlyMap<string, TokenSet>;
  /** The answer's other members: who granted, in which account. Holds no token. */
  readonly parameters: JsonObject;
}
