import { randomBytes } from 'node:crypto';
import type { OpenConnection } from '../../src/connections/connection.ts';
import { digest } from '../../src/crypto/digest.ts';
import { Secret } from '../../src/errors/secret.ts';
import { OutboundClient } from '../../src/outbound/outbound-client.ts';
import type { KeyValueStore } from '../../src/storage/key-value-store.ts';
import { airtableClient, identifyAt, whoami } from './airtable-client.ts';
import type { Compiled } from './compiled.ts';
import { connectionsRoom, type ConnectionsRoom } from './connections-room.ts';
import { ownerOf, type Blow, type CrashJob, type StorePlace, type Task } from './crash-job.ts';
import { CrashedProcess } from './crashed-process.ts';
import type { Ledger, ProviderWitness } from './provider-witness.ts';
import { openStoreAt } from './store-place.ts';

const HOUR_MS = 3_600_000;
const SCOPES = ['data.records:read', 'schema.bases:read', 'user.email:read'];
const CALLER = 'caller-1';

/** One store, with the replica that lives on in this process and those that are killed beside it. */
export class CrashScene {
  readonly kind: 'sqlite' | 'redis';
  readonly store: KeyValueStore;
  readonly room: ConnectionsRoom;
  readonly client;
  /** The first seals. Either opens. */
  readonly encryptionKeys: readonly [string, string];
  readonly #place: StorePlace;
  readonly #witness: ProviderWitness;
  readonly #compiled: Compiled;
  readonly #outbound = new OutboundClient();
  readonly #leasedAt = new Map<string, number>();
  #rounds = 0;

  private constructor(place: StorePlace, store: KeyValueStore, witness: ProviderWitness, compiled: Compiled) {
    this.kind = place.kind;
    this.#place = place;
    this.#witness = witness;
    this.#compiled = compiled;
    this.encryptionKeys = [newKey('a'), newKey('b')];
    this.store = this.#noteLeases(store);
    this.room = connectionsRoom(this.store, this.#outbound, this.encryptionKeys.join(','));
    this.client = airtableClient(witness.url);
  }

  static async open(place: StorePlace, witness: ProviderWitness, compiled: Compiled): Promise<CrashScene> {
    const store = await openStoreAt(place);
    await store.ping();
    return new CrashScene(place, store, witness, compiled);
  }

  async close(): Promise<void> {
    await this.room.settled();
    await this.#outbound.close();
    await this.store.close();
  }

  /** An owner that no other round has. */
  newOwner(): string {
    this.#rounds += 1;
    return `org-${this.#rounds}`;
  }

  start(task: Task, blow?: Blow): CrashedProcess {
    const job: CrashJob = {
      store: this.#place,
      encryptionKeys: this.encryptionKeys.join(','),
      providerUrl: this.#witness.url,
      task,
      ...(blow === undefined ? {} : { blow }),
    };
    return new CrashedProcess(this.#compiled, job);
  }

  /** The owner has consented, and the browser is on its way back. */
  async consent(orgId: string, known?: Ledger) {
    const request = { owner: ownerOf(orgId), scopes: SCOPES, callerId: CALLER };
    const { authorizationUrl, state } = await this.room.flow.begin(this.client, request);
    const body = new URLSearchParams({ decision: 'approve', account: '0' });
    const answer = await fetch(authorizationUrl, { method: 'POST', body, redirect: 'manual' });
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    return { state, code, ledger: this.#witness.follow(code, known) };
  }

  complete({ state, code }: { readonly state: string; readonly code: string }) {
    const response = { kind: 'code', state, code: new Secret(code) } as const;
    return this.room.flow.complete(this.client, response, undefined, identifyAt(this.#outbound, this.#witness.url));
  }

  outcome(state: string) {
    return this.room.flow.outcome('airtable', state, CALLER);
  }

  async connect(orgId: string): Promise<{ connectionId: string; ledger: Ledger }> {
    const consent = await this.consent(orgId);
    const { connectionId } = await this.complete(consent);
    if (connectionId === undefined) throw new Error('The account could not be connected.');
    return { connectionId, ledger: consent.ledger };
  }

  /** A connection whose access token has ended. */
  async connectExpired(orgId: string): Promise<{ connectionId: string; ledger: Ledger }> {
    const connected = await this.connect(orgId);
    const open = await this.find(orgId, connected.connectionId);
    if (open === undefined) throw new Error('The connection was not stored.');
    const now = Date.now();
    const primary = { ...open.grant.primary, obtainedAt: now - HOUR_MS, expiresAt: now - 1000 };
    const connection = { ...open.connection, expiresAt: primary.expiresAt };
    await this.room.connections.replace(open, connection, { ...open.grant, primary });
    return connected;
  }

  use(orgId: string, connectionId: string): Promise<OpenConnection> {
    return this.room.tokens.use(this.client, { owner: ownerOf(orgId), connectionId });
  }

  find(orgId: string, connectionId: string): Promise<OpenConnection | undefined> {
    return this.room.connections.find(ownerOf(orgId), 'airtable', connectionId);
  }

  async works({ grant }: OpenConnection): Promise<boolean> {
    return whoami(this.#outbound, this.#witness.url, grant.primary.accessToken).then(
      () => true,
      () => false,
    );
  }

  /** When the connection's lease was last had by this replica. */
  leasedAt(connectionId: string): number | undefined {
    return this.#leasedAt.get(leaseOf(connectionId));
  }

  /** Takes the connection's lease as soon as it can be had, and gives it back. */
  async tryLease(connectionId: string): Promise<boolean> {
    const lease = await this.store.acquireLease(leaseOf(connectionId), 1000);
    if (lease !== undefined) await this.store.releaseLease(lease);
    return lease !== undefined;
  }

  #noteLeases(store: KeyValueStore): KeyValueStore {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        if (name !== 'acquireLease') return (member as () => unknown).bind(target);
        return async (lease: string, ttlMs: number) => {
          const acquired = await target.acquireLease(lease, ttlMs);
          if (acquired !== undefined) this.#leasedAt.set(lease, performance.now());
          return acquired;
        };
      },
    });
  }
}

function newKey(id: string): string {
  return `${id}:${randomBytes(32).toString('base64')}`;
}

function leaseOf(connectionId: string): string {
  return digest('refresh', connectionId);
}
