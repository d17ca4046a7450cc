import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly model: string;
  readonly payload: AdapterPayload;
}

/** What an authorization server knows, in memory. Expiry is its own to check; nothing is swept. */
export class OidcStore {
  readonly #entries = new Map<string, Entry>();

  /** As oidc-provider wants it: one adapter per model. */
  readonly adapterFor = (model: string): Adapter => ({
    upsert: (id, payload) => done(() => this.#entries.set(`${model}:${id}`, { model, payload })),
    find: (id) => Promise.resolve(this.#entries.get(`${model}:${id}`)?.payload),
    findByUid: (uid) => Promise.resolve(this.#payloads(model).find((payload) => payload.uid === uid)),
    findByUserCode: () => Promise.resolve(undefined),
    consume: (id) => done(() => this.#consume(`${model}:${id}`)),
    destroy: (id) => done(() => this.#entries.delete(`${model}:${id}`)),
    revokeByGrantId: (grantId) => done(() => this.#remove(model, (payload) => payload.grantId === grantId)),
  });

  /** @returns how many there were */
  removeAll(model: string): number {
    return this.#remove(model, () => true);
  }

  #payloads(model: string): AdapterPayload[] {
    return [...this.#entries.values()].filter((entry) => entry.model === model).map(({ payload }) => payload);
  }

  #consume(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.payload.consumed !== undefined) throw new Error(`${key} can't be used up.`);
    this.#entries.set(key, { ...entry, payload: { ...entry.payload, consumed: Math.floor(Date.now() / 1000) } });
  }

  #remove(model: string, fits: (payload: AdapterPayload) => boolean): number {
    const gone = [...this.#entries].filter(([, entry]) => entry.model === model && fits(entry.payload));
    for (const [key] of gone) this.#entries.delete(key);
    return gone.length;
  }
}

function done(step: () => unknown): Promise<void> {
  return new Promise((resolve) => {
    step();
    resolve();
  });
}
