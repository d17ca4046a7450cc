import { Inject, Injectable } from '@nestjs/common';
import { CredentialCipher, UnsealError, type SealContext } from '../crypto/credential-cipher.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { KeyValueStore, type RecordKey, type StoredRecord } from '../storage/key-value-store.ts';
import { digest } from '../crypto/digest.ts';
import { partitionOf, type Owner } from './owner.ts';
import {
  AUTHORIZATION_TTL_SECONDS,
  MAX_PENDING_PER_OWNER,
  readOutcome,
  readPending,
  writePending,
  type AuthorizationOutcome,
  type KeptOutcome,
  type PendingAuthorization,
} from './pending-authorization.ts';

const PENDING_VERSION = 1;
/** The outcome outlives the authorization by as long again, so that "expired" can still be told. */
const OUTCOME_TTL_SECONDS = 2 * AUTHORIZATION_TTL_SECONDS;

/** Pending authorizations by state. The state itself is never stored, only its hash. */
@Injectable()
export class PendingAuthorizations {
  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(CredentialCipher) private readonly cipher: CredentialCipher,
  ) {}

  /** @throws PatchbayError `rate_limited` when the owner has ten pending already */
  async add(state: string, pending: PendingAuthorization): Promise<void> {
    const id = digest('state', state);
    await this.#claimSlot(pending.owner, id);
    const sealed = this.cipher.seal(writePending(pending), pendingSealContext(id));
    await this.store.put(pendingKey(id), sealed, { ttlSeconds: AUTHORIZATION_TTL_SECONDS });
    const { integration, callerId, expiresAt } = pending;
    const outcome: KeptOutcome = { status: 'pending', integration, callerId, expiresAt };
    await this.store.put(outcomeKey(id), JSON.stringify(outcome), { ttlSeconds: OUTCOME_TTL_SECONDS });
  }

  async peek(state: string): Promise<PendingAuthorization | undefined> {
    const id = digest('state', state);
    return this.#open(id, await this.store.get(pendingKey(id)));
  }

  /** Of any number of concurrent callers exactly one gets it. */
  async take(state: string): Promise<PendingAuthorization | undefined> {
    const id = digest('state', state);
    const pending = this.#open(id, await this.store.take(pendingKey(id)));
    if (pending !== undefined) await this.store.delete(slotKey(pending.owner, id));
    return pending;
  }

  async conclude(state: string, pending: PendingAuthorization, outcome: AuthorizationOutcome): Promise<void> {
    const { integration, callerId } = pending;
    const expiresAt = Date.now() + AUTHORIZATION_TTL_SECONDS * 1000;
    const kept: KeptOutcome = { ...outcome, integration, callerId, expiresAt };
    const life = { ttlSeconds: AUTHORIZATION_TTL_SECONDS };
    await this.store.put(outcomeKey(digest('state', state)), JSON.stringify(kept), life);
  }

  /** @returns undefined for a state that this caller never began, or that ended too long ago */
  async outcome(state: string, integration: string, callerId: string): Promise<AuthorizationOutcome | undefined> {
    const stored = await this.store.get(outcomeKey(digest('state', state)));
    if (stored === undefined) return undefined;
    const { expiresAt, integration: begunFor, callerId: begunBy, ...outcome } = readOutcome(stored.value);
    if (begunFor !== integration || begunBy !== callerId) return undefined;
    return outcome.status === 'pending' && expiresAt <= Date.now() ? { status: 'expired' } : outcome;
  }

  /** Claims first and looks then, so that any number of concurrent claims leave at most ten standing. */
  async #claimSlot(owner: Owner, id: string): Promise<void> {
    const slot = slotKey(owner, id);
    await this.store.put(slot, '', { ttlSeconds: AUTHORIZATION_TTL_SECONDS });
    const standing = await this.store.list(slot.collection, slot.partition);
    const rank = standing.findIndex((record) => record.id === id);
    if (rank < MAX_PENDING_PER_OWNER) return;
    await this.store.delete(slot);
    const message = `This user already has ${MAX_PENDING_PER_OWNER} authorizations under way. Finish one, or wait.`;
    throw new PatchbayError('rate_limited', message, { retry_after: AUTHORIZATION_TTL_SECONDS });
  }

  #open(id: string, stored: StoredRecord | undefined): PendingAuthorization | undefined {
    if (stored === undefined) return undefined;
    try {
      const pending = readPending(this.cipher.open(stored.value, pendingSealContext(id)));
      return pending.expiresAt > Date.now() ? pending : undefined;
    } catch (error) {
      // A record that was altered, or whose key is gone, is as good as none: the person begins again.
      if (error instanceof UnsealError) return undefined;
      throw error;
    }
  }
}

/** A state's record is written once: its version says nothing of it. */
export function pendingSealContext(id: string): SealContext {
  const unknown = { orgId: '', userId: '', integration: '' };
  return { purpose: 'pending-authorization', ...unknown, connectionId: id, recordVersion: PENDING_VERSION };
}

function pendingKey(id: string): RecordKey {
  return { collection: 'pending-authorization', partition: id, id };
}

function outcomeKey(id: string): RecordKey {
  return { collection: 'authorization-outcome', partition: id, id };
}

function slotKey(owner: Owner, id: string): RecordKey {
  return { collection: 'pending-slot', partition: partitionOf(owner), id };
}
