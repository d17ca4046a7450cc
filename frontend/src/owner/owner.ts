/** Whose connections are shown: the integrator's own identifiers, which Patchbay never interprets. */
export interface Owner {
  userId: string;
  orgId: string;
}

export const DEFAULT_OWNER: Owner = { userId: 'demo-user', orgId: 'demo-org' };

const STORAGE_KEY = 'patchbay.owner';
const IDENTIFIER = /^[A-Za-z0-9._:@-]{1,128}$/;

/** 1 to 128 characters of `A-Z a-z 0-9 . _ : @ -`. */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && IDENTIFIER.test(value);
}

export function sameOwner(one: Owner, other: Owner): boolean {
  return one.userId === other.userId && one.orgId === other.orgId;
}

/** The owner chosen last in this browser; the default when there is none, or when storage is closed to us. */
export function readOwner(storage: Pick<Storage, 'getItem'>): Owner {
  try {
    const kept = JSON.parse(storage.getItem(STORAGE_KEY) ?? 'null') as Partial<Owner> | null;
    if (kept && isIdentifier(kept.userId) && isIdentifier(kept.orgId)) {
      return { userId: kept.userId, orgId: kept.orgId };
    }
  } catch {
    // Unreadable or forbidden storage: as good as empty.
  }
  return DEFAULT_OWNER;
}

/** Remembers the owner for the next visit, if the browser lets us. */
export function keepOwner(storage: Pick<Storage, 'setItem'>, owner: Owner): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify(owner));
  } catch {
    // Storage full or forbidden: the choice then lasts for this visit.
  }
}
