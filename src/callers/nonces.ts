import { Inject, Injectable } from '@nestjs/common';
import { digest } from '../crypto/digest.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { MAX_AGE_SECONDS, MAX_AHEAD_SECONDS } from './request-signature.ts';

/** As long as a signature can be within its window, from the earliest moment it is taken to the latest. */
const NONCE_TTL_SECONDS = MAX_AGE_SECONDS + MAX_AHEAD_SECONDS + 1;

/** Remembers which nonces a key has used. */
@Injectable()
export class Nonces {
  constructor(@Inject(KeyValueStore) private readonly store: KeyValueStore) {}

  /**
   * Of any number of requests with one key and nonce exactly one gets through.
   * @param created when the request was signed, in seconds since the epoch
   * @throws PatchbayError `replayed_request`; `signature_expired` for one from before a crash of the machine, which may have
   * taken the memory of it; `storage_unavailable` when that can't be known, which is never taken for a yes
   */
  async use(keyId: string, nonce: string, created: number): Promise<void> {
    if (created * 1000 < this.store.forgottenUntilMs)
      throw new PatchbayError(
        'signature_expired',
        'This was signed before the machine was started anew. Sign it again.',
      );
    const id = digest('nonce', keyId, nonce);
    const isFirst = await this.store.putIfAbsent({ collection: 'nonce', partition: id, id }, '', {
      ttlSeconds: NONCE_TTL_SECONDS,
      mayEndWithTheMachine: true,
    });
    if (!isFirst) throw new PatchbayError('replayed_request', 'This nonce was used before. Sign each request anew.');
  }
}
