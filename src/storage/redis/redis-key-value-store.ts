import { randomBytes } from 'node:crypto';
import {
  KeyValueStore,
  type DueMember,
  type Lease,
  type ListedRecord,
  type RecordKey,
  type SlidingWindowHit,
  type StoreReport,
  type StoredRecord,
  type WalkedPage,
  type WriteOptions,
} from '../key-value-store.ts';
import {
  requireClaim,
  requireEpochMilliseconds,
  requireKeyPart,
  requireName,
  requirePositiveInteger,
  requireRecordKey,
  ttlMilliseconds,
} from '../store-arguments.ts';
import { COMMAND_TIMEOUT_MS, createRedisClient, keepAlive, type RedisClient } from './redis-client.ts';
import { RedisGate } from './redis-gate.ts';
import { dueKey, indexKey, leaseKeys, parseRecord, recordKeys, windowKeys } from './redis-keys.ts';
import { redisFindings } from './redis-report.ts';
import { defineScripts, type RecordArgs, type StoreScripts } from './redis-scripts.ts';
import type { RedisSettings } from './redis-settings.ts';
import { RedisWalk } from './redis-walk.ts';

/** The report asks each master a handful of questions and runs at boot, perhaps before the connection stands. */
const REPORT_DEADLINE_MS = 2500;

const ANY_VERSION = '';
const NO_VERSION = '0';

/**
 * The store in Redis 6.2 or newer: a single server, one behind Sentinel, or a Cluster. Every operation on a record, lease,
 * index or window is one command or one script in one slot. Times are Redis' own. Nothing is ever sent twice, so after
 * `storage_unavailable` an operation has run once or not at all.
 */
export class RedisKeyValueStore extends KeyValueStore {
  readonly #client: RedisClient;
  readonly #scripts: StoreScripts;
  readonly #gate: RedisGate;
  readonly #reportGate: RedisGate;
  readonly #walk: RedisWalk;
  readonly #letEnd: () => void;

  /**
   * Returns at once; operations wait a moment for the connection.
   * @param deadlineMs after which an operation is refused as unanswered
   */
  static open(settings: RedisSettings, deadlineMs = COMMAND_TIMEOUT_MS): RedisKeyValueStore {
    return new RedisKeyValueStore(createRedisClient(settings, deadlineMs), deadlineMs);
  }

  /** The store owns the client from here on: `close` ends its connections. */
  constructor(client: RedisClient, deadlineMs = COMMAND_TIMEOUT_MS) {
    super();
    this.#client = client;
    this.#scripts = defineScripts(client);
    this.#gate = new RedisGate(client, deadlineMs);
    this.#reportGate = new RedisGate(client, REPORT_DEADLINE_MS);
    this.#walk = new RedisWalk(client, this.#scripts, this.#gate);
    this.#letEnd = keepAlive(client);
  }

  override async get(key: RecordKey): Promise<StoredRecord | undefined> {
    requireRecordKey(key);
    return storedRecord(await this.#gate.ask(() => this.#client.mget(recordKeys(key))));
  }

  override async put(key: RecordKey, value: string, options: WriteOptions = {}): Promise<number> {
    return this.#write(key, value, options, ANY_VERSION);
  }

  override async putIfAbsent(key: RecordKey, value: string, options: WriteOptions = {}): Promise<boolean> {
    return (await this.#write(key, value, options, NO_VERSION)) === 1;
  }

  override async take(key: RecordKey): Promise<StoredRecord | undefined> {
    requireRecordKey(key);
    return storedRecord(await this.#gate.ask(() => this.#scripts.pbTake(...recordArgs(key))));
  }

  override async compareAndSet(
    key: RecordKey,
    expectedVersion: number,
    value: string,
    options: WriteOptions = {},
  ): Promise<boolean> {
    // Version 0 would mean "absent" to the script, which never matches here.
    const expected = expectedVersion >= 1 ? String(expectedVersion) : '-1';
    return (await this.#write(key, value, options, expected)) !== 0;
  }

  override async delete(key: RecordKey): Promise<boolean> {
    requireRecordKey(key);
    return (await this.#gate.ask(() => this.#scripts.pbDelete(...recordArgs(key)))) === 1;
  }

  override async list(collection: string, partition: string): Promise<readonly ListedRecord[]> {
    requireKeyPart('collection', collection);
    requireKeyPart('partition', partition);
    const ids = await this.#gate.ask(() => this.#scripts.pbListIds(indexKey(collection, partition)));
    if (ids.length === 0) return [];
    const keys = ids.flatMap((id) => recordKeys({ collection, partition, id }));
    const stored = await this.#gate.ask(() => this.#client.mget(keys));
    return ids
      .flatMap((id, position) => {
        // One that ended between the two commands.
        const text = stored[2 * position];
        return typeof text === 'string' ? [{ id, ...parseRecord(text, stored[2 * position + 1] ?? null) }] : [];
      })
      .sort((a, b) => a.sequence - b.sequence)
      .map(({ id, value, version }) => ({ id, value, version }));
  }

  override async walk(collection: string, limit: number, from?: string): Promise<WalkedPage> {
    requireKeyPart('collection', collection);
    requirePositiveInteger('limit', limit);
    return this.#walk.page(collection, limit, from);
  }

  override async acquireLease(name: string, ttlMs: number): Promise<Lease | undefined> {
    requireName('lease name', name);
    requirePositiveInteger('ttlMs', ttlMs);
    const ownerToken = randomBytes(18).toString('base64url');
    const [leaseKey, fenceKey] = leaseKeys(name);
    const fencingNumber = await this.#gate.ask(() =>
      this.#scripts.pbAcquireLease(leaseKey, fenceKey, ownerToken, ttlMs),
    );
    return fencingNumber === 0 ? undefined : { name, ownerToken, fencingNumber };
  }

  override async renewLease(lease: Lease, ttlMs: number): Promise<boolean> {
    requireName('lease name', lease.name);
    requirePositiveInteger('ttlMs', ttlMs);
    const [leaseKey] = leaseKeys(lease.name);
    return (await this.#gate.ask(() => this.#scripts.pbRenewLease(leaseKey, lease.ownerToken, ttlMs))) === 1;
  }

  override async releaseLease(lease: Lease): Promise<boolean> {
    requireName('lease name', lease.name);
    const [leaseKey] = leaseKeys(lease.name);
    return (await this.#gate.ask(() => this.#scripts.pbReleaseLease(leaseKey, lease.ownerToken))) === 1;
  }

  override async schedule(index: string, member: string, dueAtMs: number): Promise<void> {
    requireName('due-time index', index);
    requireName('member', member);
    requireEpochMilliseconds('dueAtMs', dueAtMs);
    await this.#gate.ask(() => this.#client.zadd(dueKey(index), dueAtMs, member));
  }

  override async unschedule(index: string, member: string): Promise<boolean> {
    requireName('due-time index', index);
    requireName('member', member);
    return (await this.#gate.ask(() => this.#client.zrem(dueKey(index), member))) === 1;
  }

  override async listDue(index: string, nowMs: number, limit: number): Promise<readonly DueMember[]> {
    requireName('due-time index', index);
    requireEpochMilliseconds('nowMs', nowMs);
    requirePositiveInteger('limit', limit);
    const flat = await this.#gate.ask(() =>
      this.#client.zrangebyscore(dueKey(index), '-inf', nowMs, 'WITHSCORES', 'LIMIT', 0, limit),
    );
    return dueMembers(flat);
  }

  override async claimDue(index: string, nowMs: number, limit: number, untilMs: number): Promise<readonly DueMember[]> {
    requireClaim(index, nowMs, limit, untilMs);
    return dueMembers(await this.#gate.ask(() => this.#scripts.pbClaimDue(dueKey(index), nowMs, limit, untilMs)));
  }

  override async hitSlidingWindow(key: string, limit: number, windowMs: number): Promise<SlidingWindowHit> {
    requireName('sliding window', key);
    requirePositiveInteger('limit', limit);
    requirePositiveInteger('windowMs', windowMs);
    const [allowed, remaining, resetMs] = await this.#gate.ask(() =>
      this.#scripts.pbHitWindow(...windowKeys(key), limit, windowMs),
    );
    return { allowed: allowed === 1, remaining, resetMs };
  }

  override async holdWindow(key: string, holdMs: number): Promise<void> {
    requireName('sliding window', key);
    requirePositiveInteger('holdMs', holdMs);
    const [, holdKey] = windowKeys(key);
    await this.#gate.ask(() => this.#scripts.pbHoldWindow(holdKey, holdMs));
  }

  override async windowHeldMs(key: string): Promise<number> {
    requireName('sliding window', key);
    const [, holdKey] = windowKeys(key);
    // Negative: there is none.
    return Math.max(0, await this.#gate.ask(() => this.#client.pttl(holdKey)));
  }

  override async ping(): Promise<void> {
    await this.#gate.ask(() => this.#client.ping());
  }

  override async report(): Promise<StoreReport> {
    return { kind: 'redis', ...(await this.#reportGate.ask(() => redisFindings(this.#client))) };
  }

  /** Waits for the operations under way, which takes 250 ms at most, then ends the connections. */
  override async close(): Promise<void> {
    await this.#gate.idle();
    for (const gate of [this.#gate, this.#reportGate]) gate.shut();
    this.#letEnd();
    this.#client.disconnect();
  }

  async #write(key: RecordKey, value: string, options: WriteOptions, expected: string): Promise<number> {
    requireRecordKey(key);
    const ttlMs = ttlMilliseconds(options.ttlSeconds)?.toString() ?? '';
    return this.#gate.ask(() => this.#scripts.pbWrite(...recordArgs(key), value, ttlMs, expected));
  }
}

function recordArgs(key: RecordKey): RecordArgs {
  const [record, version] = recordKeys(key);
  return [record, indexKey(key.collection, key.partition), version, key.id];
}

function storedRecord([stored, anchor]: readonly (string | null)[]): StoredRecord | undefined {
  if (typeof stored !== 'string') return undefined;
  const { value, version } = parseRecord(stored, anchor ?? null);
  return { value, version };
}

/** From members and scores by turns. */
function dueMembers(flat: readonly unknown[]): DueMember[] {
  const due: DueMember[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) due.push({ member: String(flat[at]), dueAtMs: Number(flat[at + 1]) });
  return due;
}
