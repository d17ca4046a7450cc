import { Cluster, type Redis } from 'ioredis';
import type { RecordKey, WalkedPage, WalkedRecord } from '../key-value-store.ts';
import type { RedisClient } from './redis-client.ts';
import type { RedisGate } from './redis-gate.ts';
import { parseRecord, parseRecordKey, recordKey, recordKeyPattern } from './redis-keys.ts';
import type { StoreScripts } from './redis-scripts.ts';

/** Keys of any kind that one page passes by at most: few enough to be read well inside the deadline. */
const MAX_KEYS_PER_PAGE = 500;

/** Which of the masters is being scanned, and where. */
interface Cursor {
  readonly node: number;
  readonly scan: string;
}

/** Goes through the keys of every master in turn with SCAN. */
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
    const cursor = from === undefined ? { node: 0, scan: '0' } : parseCursor(from);
    const count = Math.min(limit, MAX_KEYS_PER_PAGE);
    const { keys, next } = await this.#gate.ask(() => this.#scan(collection, count, cursor));
    const records = await this.#gate.ask(() => Promise.all(keys.map((key) => this.#read(key))));
    return {
      records: records.filter((record) => record !== undefined),
      ...(next === undefined ? {} : { next: `${next.node}.${next.scan}` }),
    };
  }

  async #scan(
    collection: string,
    count: number,
    { node, scan }: Cursor,
  ): Promise<{ keys: RecordKey[]; next: Cursor | undefined }> {
    const masters = mastersOf(this.#client);
    const master = masters[node];
    if (master === undefined) return { keys: [], next: undefined };
    const [after, found] = await master.scan(scan, 'MATCH', recordKeyPattern(collection), 'COUNT', count);
    const keys = found.map(parseRecordKey).filter((key) => key !== undefined);
    if (after !== '0') return { keys, next: { node, scan: after } };
    return { keys, next: node + 1 < masters.length ? { node: node + 1, scan: '0' } : undefined };
  }

  async #read(key: RecordKey): Promise<WalkedRecord | undefined> {
    const [stored, lifeMs] = await this.#scripts.pbRead(recordKey(key));
    if (stored === null) return undefined;
    const { value, version } = parseRecord(stored);
    return { key, value, version, ...(lifeMs < 0 ? {} : { ttlSeconds: Math.max(lifeMs, 1) / 1000 }) };
  }
}

/** Always in the same order. */
function mastersOf(client: RedisClient): Redis[] {
  if (!(client instanceof Cluster)) return [client];
  const name = ({ options: { host, port } }: Redis): string => `${host ?? ''}:${port ?? 0}`;
  return client.nodes('master').sort((a, b) => name(a).localeCompare(name(b)));
}

function parseCursor(from: string): Cursor {
  const [, node, scan] = /^(\d{1,4})\.(\d{1,20})$/.exec(from) ?? [];
  if (node === undefined || scan === undefined) throw new TypeError('This is no cursor of a walk.');
  return { node: Number(node), scan };
}
