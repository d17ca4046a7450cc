import type { Owner } from '../owner/owner.ts';

/** Who signed the person in: the demo, where anybody may be anybody, or the application that made a connect link. */
export type SessionKind = 'demo' | 'link';

/** A session of this browser. It is good for signing with its key and for nothing else: it holds no secret to steal. */
export interface PageSession {
  kind: SessionKind;
  sessionId: string;
  owner: Owner;
  /** The integrations it may use. */
  integrations: string[];
  /** What else it may do. Absent in one that an older page kept: nothing. */
  permissions?: string[];
  /** Milliseconds since the epoch, by this computer's clock. */
  expiresAtMs: number;
  /** Where the application that made the link wants the person back. Absent in what an older page kept. */
  returnUrl?: string | null;
  privateKey: CryptoKey;
}

/** One session of a kind for each owner. */
export function slotOf(kind: SessionKind, owner: Owner): string {
  // Identifiers hold no spaces.
  return `${kind} ${owner.orgId} ${owner.userId}`;
}

/** Sooner than the service ends it, so that no call is begun that can't be finished. */
const MARGIN_MS = 30_000;

export function isLive(session: PageSession, nowMs: number): boolean {
  return session.expiresAtMs - MARGIN_MS > nowMs;
}
