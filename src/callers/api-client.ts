import type { Sealed } from '../crypto/credential-cipher.ts';
import type { Permission } from './caller.ts';

/** A backend's registration as the store holds it. Times are epoch milliseconds. */
export interface ApiClient {
  readonly clientId: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly orgs: '*' | readonly string[];
  readonly createdAt: number;
  /** Absent: never, or before this was noted. */
  readonly rotatedAt?: number;
  readonly credential: ApiClientCredential;
}

export type ApiClientCredential =
  /** The latest secret first; a second one while it is being rotated. */
  | { readonly algorithm: 'hmac-sha256'; readonly secrets: readonly Sealed[] }
  /** SPKI, PEM. */
  | { readonly algorithm: 'ed25519'; readonly publicKey: string };
