/** NIST SP 800-38D §8.3: with random IVs a key seals no more often, or two seals might share one. */
export const MAX_SEALS = 2 ** 32;
/** From here on the operator is told: at a thousand seals a second, five weeks ahead. */
export const MANY_SEALS = MAX_SEALS / 4;

/** How many seals are counted at once, before they are made: the price of a kill, never of a seal. */
const CLAIM = 1024;
/** The next batch is counted while so many of the last are left, so that the count stays ahead. */
const LOW = CLAIM / 4;
/** While the count can't be kept, it is tried again every so many seals. */
const TRY_AGAIN = 64;

/** Adds to a key's count, for good. */
export type ClaimSeals = (keyId: string, seals: number) => Promise<void>;

interface Account {
  /** Seals that are counted and not yet made; below 0, made and not yet counted. */
  claimed: number;
  /** At how many the next batch is counted. */
  tryAt: number;
  isClaiming: boolean;
}

/**
 * Counts what this process seals with each key, without a write per seal: a batch is added to the count ahead, and the next
 * one when little of it is left. A process that is killed has counted a few too many, never too few.
 */
export class SealTally {
  readonly #accounts = new Map<string, Account>();
  #claim: ClaimSeals | undefined;

  /** From now on the count is kept; what was sealed before is counted with the next seal. */
  keepWith(claim: ClaimSeals): void {
    this.#claim = claim;
  }

  /** One more seal under this key. Never waits, and never fails. */
  count(keyId: string): void {
    const account = this.#account(keyId);
    account.claimed -= 1;
    if (account.claimed <= account.tryAt && !account.isClaiming) void this.#claimMore(keyId, account);
  }

  #account(keyId: string): Account {
    const account = this.#accounts.get(keyId) ?? { claimed: 0, tryAt: LOW, isClaiming: false };
    this.#accounts.set(keyId, account);
    return account;
  }

  async #claimMore(keyId: string, account: Account): Promise<void> {
    if (this.#claim === undefined) return;
    account.isClaiming = true;
    const seals = CLAIM - Math.min(0, account.claimed);
    try {
      await this.#claim(keyId, seals);
      account.claimed += seals;
      account.tryAt = LOW;
    } catch {
      account.tryAt = account.claimed - TRY_AGAIN;
    } finally {
      account.isClaiming = false;
    }
  }
}
