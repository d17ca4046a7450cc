import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { RecordKey, WalkedPage, WalkedRecord } from '../key-value-store.ts';
import { mastersOf, serverName, type RedisClient } from './redis-client.ts';
import type { RedisGate } from './redis-gate.ts';
import { parseRecord, parseRecordKey, recordKeyPattern, recordKeys } from './redis-keys.ts';
import { isRefusal } from './redis-report.ts';
import type { StoreScripts } from './redis-scripts.ts';
import { parseWalkCursor, WALK_START, walkCursor, type WalkCursor } from './redis-walk-cursor.ts';

/** Keys of any kind that one page passes by at most: few enough to be read well inside the deadline. */
const MAX_KEYS_PER_PAGE = 500;

interface ScannedPage {
  readonly keys: readonly RecordKey[];
  readonly next?: WalkCursor;
}

/**
 * Goes through the keys of every master in turn with SCAN. When a master was restarted or another took its place since
 * the last page, the walk begins anew, because SCAN's cursors mean nothing to the new one. While slots move from one
 * master to another, what moves may be missed.
 */
export class RedisWalk {
  readonly #client: RedisClient;
  readonly #scripts: StoreScripts;
  readonly #gate: RedisGate;

  constructor(client: RedisClient, scripts: StoreScripts, gate: RedisGate) {
    this.#client = client;
    this.#scripts = scripts;
    this.#gate = gate;
  }

  async page(collection: string, limit: number, from: string | undefined): Promise<WalkedPage> {
    const cursor = from === undefined ? undefined : parseWalkCursor(from);
    const count = Math.min(limit, MAX_KEYS_PER_PAGE);
    const { keys, next } = await this.#gate.ask(() => this.#scan(collection, count, cursor));
    const found = await this.#gate.ask(() => Promise.all(keys.map((key) => this.#read(key))));
    const records = found.filter((record) => record !== undefined);
    return next === undefined ? { records } : { records, next: walkCursor(next) };
  }

  async #scan(collection: string, count: number, from: WalkCursor | undefined): Promise<ScannedPage> {
    const masters = mastersOf(this.#client);
    const names = createHash('sha256').update(masters.map(serverName).join()).digest('base64url');
    const { node, scan, server } = from?.names === names ? from : WALK_START;
    const master = masters[node];
    if (master === undefined) throw new Error('Redis has no masters that are known.');
    const [running, [after, found]] = await Promise.all([
      processOf(master),
      master.scan(scan, 'MATCH', recordKeyPattern(collection), 'COUNT', count),
    ]);
    if (scan !== '0' && server !== running) return { keys: [], next: { ...WALK_START, names } };
    const keys = found.map(parseRecordKey).filter((key) => key !== undefined);
    if (after !== '0') return { keys, next: { node, scan: after, names, server: running } };
    return node + 1 < masters.length ? { keys, next: { ...WALK_START, node: node + 1, names } } : { keys };
  }

  async #read(key: RecordKey): Promise<WalkedRecord | undefined> {
    const [stored, anchor, lifeMs] = await this.#scripts.pbRead(...recordKeys(key));
    if (stored === null) return undefined;
    const { value, version } = parseRecord(stored, anchor);
    return { key, value, version, ...(lifeMs < 0 ? {} : { ttlSeconds: Math.max(lifeMs, 1) / 1000 }) };
  }
}

/** Another one after each start; empty where we may not ask. */
async function processOf(master: Redis): Promise<string> {
  try {
    return /^run_id:(\w+)/m.exec(await master.info('server'))?.[1] ?? '';
  } catch (error) {
    if (isRefusal(error)) return '';
    throw error;
  }
}
