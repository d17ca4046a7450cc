import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { digest } from '../crypto/digest.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import { KeyValueStore, type RecordKey } from '../storage/key-value-store.ts';
import type { SessionCaller, SessionPermission } from './caller.ts';
import type { P256Jwk } from './verification-key.ts';

export const SESSION_TOKEN_TTL_SECONDS = 600;
export const SESSION_TTL_SECONDS = 3600;
const SESSION_ID = /^ses_[A-Za-z0-9_-]{22}$/;

/** For whom a session is to be. */
export interface SessionGrant {
  readonly userId: string;
  readonly orgId: string;
  readonly integrations?: readonly string[];
  /** Absent: none. */
  readonly permissions?: readonly SessionPermission[];
  /** Where the person goes when there is nothing left to connect. */
  readonly returnUrl?: string;
}

/** An activated session as the store holds it. Times are epoch milliseconds. */
export interface BrowserSession extends SessionGrant {
  readonly sessionId: string;
  readonly publicKey: P256Jwk;
  readonly expiresAt: number;
}

/**
 * A browser's way to be somebody without holding a secret that could be stolen: a single-use token, handed to it by its
 * backend, is traded for a session that is bound to a key only that browser can sign with.
 */
@Injectable()
export class BrowserSessions {
  constructor(@Inject(KeyValueStore) private readonly store: KeyValueStore) {}

  async issueToken(grant: SessionGrant): Promise<Secret> {
    const token = new Secret(randomBytes(32).toString('base64url'));
    await this.store.put(tokenKey(token), JSON.stringify(grant), { ttlSeconds: SESSION_TOKEN_TTL_SECONDS });
    return token;
  }

  /** @throws PatchbayError `forbidden` for a token that is unknown, used or too old */
  async activate(token: Secret, publicKey: P256Jwk): Promise<BrowserSession> {
    const stored = await this.store.take(tokenKey(token));
    if (stored === undefined) {
      throw new PatchbayError('forbidden', 'This session token is unknown, already used, or older than 10 minutes.');
    }
    const grant = JSON.parse(stored.value) as SessionGrant;
    const session: BrowserSession = {
      ...grant,
      sessionId: `ses_${randomBytes(16).toString('base64url')}`,
      publicKey,
      expiresAt: Date.now() + SESSION_TTL_SECONDS * 1000,
    };
    await this.store.put(sessionKey(session.sessionId), JSON.stringify(session), { ttlSeconds: SESSION_TTL_SECONDS });
    return session;
  }

  /** @returns undefined for a session that is unknown, ended or too old */
  async find(sessionId: string): Promise<BrowserSession | undefined> {
    if (!SESSION_ID.test(sessionId)) return undefined;
    const stored = await this.store.get(sessionKey(sessionId));
    if (stored === undefined) return undefined;
    const session = JSON.parse(stored.value) as BrowserSession;
    return session.expiresAt > Date.now() ? session : undefined;
  }

  async end(sessionId: string): Promise<void> {
    await this.store.delete(sessionKey(sessionId));
  }
}

export function sessionCaller(session: BrowserSession): SessionCaller {
  const { sessionId, userId, orgId, integrations, permissions = [] } = session;
  const limit = integrations === undefined ? {} : { integrations };
  return { kind: 'session', id: sessionId, userId, orgId, permissions, ...limit };
}

function tokenKey(token: Secret): RecordKey {
  const id = digest('session-token', token.reveal());
  return { collection: 'session-token', partition: id, id };
}

function sessionKey(sessionId: string): RecordKey {
  return { collection: 'session', partition: sessionId, id: sessionId };
}
