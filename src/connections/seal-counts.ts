import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { MANY_SEALS, MAX_SEALS, SealTally } from '../crypto/seal-tally.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { KeyValueStore, type RecordKey } from '../storage/key-value-store.ts';

const COLLECTION = 'seal-count';
/** There are as many as keys: one partition lists them all. */
const PARTITION = 'all';
const MAX_WRITES = 20;

/** How many values were ever sealed with each key, in the store: of all processes that seal, and rather too many than too few. */
@Injectable()
export class SealCounts implements OnModuleInit {
  readonly #log = new Logger(SealCounts.name);
  readonly #warned = new Set<string>();

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(SealTally) private readonly tally: SealTally,
  ) {}

  onModuleInit(): void {
    this.tally.keepWith(async (keyId, seals) => this.#warnOf(keyId, await this.add(keyId, seals)));
  }

  async byKey(): Promise<ReadonlyMap<string, number>> {
    const counts = await this.store.list(COLLECTION, PARTITION);
    return new Map(counts.map(({ id, value }) => [id, Number(value)]));
  }

  /** @returns the key's count with these. @throws PatchbayError `storage_unavailable` */
  async add(keyId: string, seals: number): Promise<number> {
    const key = keyOf(keyId);
    for (let attempt = 0; attempt < MAX_WRITES; attempt += 1) {
      const stored = await this.store.get(key);
      const total = Number(stored?.value ?? 0) + seals;
      const wrote =
        stored === undefined
          ? await this.store.putIfAbsent(key, String(total))
          : await this.store.compareAndSet(key, stored.version, String(total));
      if (wrote) return total;
    }
    throw new PatchbayError('storage_unavailable', 'Too much is written to this count.', { retry_after: 1 });
  }

  /** Once a process from a quarter on; at every batch when there should be no more. */
  #warnOf(key_id: string, seals: number): void {
    if (seals >= MAX_SEALS) {
      this.#log.error({ msg: 'this key has sealed more than a key may: rotate it now', key_id, seals });
    } else if (seals >= MANY_SEALS && !this.#warned.has(key_id)) {
      this.#warned.add(key_id);
      this.#log.warn({ msg: 'this key has sealed much: rotate it', key_id, seals, at_most: MAX_SEALS });
    }
  }
}

function keyOf(keyId: string): RecordKey {
  return { collection: COLLECTION, partition: PARTITION, id: keyId };
}
