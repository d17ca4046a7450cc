import { isJsonObject } from '../errors/json-object.ts';
import { Secret } from '../errors/secret.ts';
import type { Owner } from './owner.ts';

/** How long an authorization may take, from the authorization request to its response. */
export const AUTHORIZATION_TTL_SECONDS = 600;
export const MAX_PENDING_PER_OWNER = 10;

/** What waits between authorization request and response. Times are epoch milliseconds. */
export interface PendingAuthorization {
  readonly owner: Owner;
  readonly integration: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  /** Who began it, and alone may ask how it ended. */
  readonly callerId: string;
  readonly codeVerifier?: Secret;
  /** Hash of the browser's binding value; absent when no browser began it. */
  readonly browserBindingHash?: string;
  readonly returnUrl?: string;
}

/** How an authorization ended, or that it hasn't. Kept so that a popup's opener can learn it whatever became of the popup. */
export interface AuthorizationOutcome {
  readonly status: 'pending' | 'connected' | 'denied' | 'failed' | 'expired';
  readonly error?: string;
  readonly connectionId?: string;
}

interface PendingJson extends Omit<PendingAuthorization, 'codeVerifier'> {
  readonly codeVerifier?: string;
}

export function writePending(pending: PendingAuthorization): Secret {
  const { codeVerifier, ...rest } = pending;
  const json: PendingJson = { ...rest, ...(codeVerifier === undefined ? {} : { codeVerifier: codeVerifier.reveal() }) };
  return new Secret(JSON.stringify(json));
}

/** Reads what writePending wrote. Only ever given text the cipher has authenticated. */
export function readPending(text: Secret): PendingAuthorization {
  const { codeVerifier, ...rest } = JSON.parse(text.reveal()) as PendingJson;
  return { ...rest, ...(codeVerifier === undefined ? {} : { codeVerifier: new Secret(codeVerifier) }) };
}

/** An outcome as it is kept, with what decides who may see it. */
export interface KeptOutcome extends AuthorizationOutcome {
  readonly expiresAt: number;
  readonly integration: string;
  readonly callerId: string;
}

export function readOutcome(text: string): KeptOutcome {
  const parsed: unknown = JSON.parse(text);
  if (!isJsonObject(parsed)) throw new TypeError('Not an authorization outcome.');
  return parsed as unknown as KeptOutcome;
}
