import type { RecordKey, StoredRecord } from '../key-value-store.ts';

/*
 * The part in braces is the hash tag: keys that share it lie in one slot of a cluster, so that a script may touch all of
 * them (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags). Names can't hold braces.
 */

export function recordKey({ collection, partition, id }: RecordKey): string {
  return `pb:{${partition}}:${collection}:${id}`;
}

/**
 * How often the record was written, apart from its value: who puts an older value back by hand doesn't put its version
 * back with it. It lives and ends with the record. See WRITE in redis-scripts.ts for the records that have none.
 */
export function versionKey({ collection, partition, id }: RecordKey): string {
  return `pb:{${partition}}:${collection}.version:${id}`;
}

/** Both in the order the scripts and parseRecord take them. */
export function recordKeys(key: RecordKey): [record: string, version: string] {
  return [recordKey(key), versionKey(key)];
}

/** Matches every record of a collection, and hardly anything else: see parseRecordKey. */
export function recordKeyPattern(collection: string): string {
  return `pb:{*}:${collection}:?*`;
}

/** Undefined for a key of another kind. */
export function parseRecordKey(key: string): RecordKey | undefined {
  const match = /^pb:\{([A-Za-z0-9_-]{1,128})\}:([A-Za-z0-9_-]{1,128}):([A-Za-z0-9_-]{1,128})$/.exec(key);
  const [, partition, collection, id] = match ?? [];
  if (partition === undefined || collection === undefined || id === undefined) return undefined;
  return { collection, partition, id };
}

/** The sorted set of a partition's record ids; scores are expiry times in epoch milliseconds, `+inf` for ever. */
export function indexKey(collection: string, partition: string): string {
  return `pb:{${partition}}:${collection}`;
}

export function leaseKeys(name: string): [lease: string, fence: string] {
  return [`pb:{${name}}:lease:`, `pb:{${name}}:fence:`];
}

export function dueKey(index: string): string {
  return `pb:{${index}}:due:`;
}

export function windowKeys(key: string): [window: string, hold: string] {
  return [`pb:{${key}}:window:`, `pb:{${key}}:hold:`];
}

/** The sequence orders a partition's first writes. */
export interface SequencedRecord extends StoredRecord {
  readonly sequence: number;
}

/**
 * A record as the scripts write it: `<version>:<sequence>:<value>`, where the version is left out when it stands in a key
 * of its own. That key decides. Where it should stand but doesn't, the record was put there by hand: version 0, which no
 * write ever had.
 */
export function parseRecord(stored: string, version: string | null): SequencedRecord {
  const afterVersion = stored.indexOf(':');
  const afterSequence = stored.indexOf(':', afterVersion + 1);
  return {
    version: Number(version ?? stored.slice(0, afterVersion)) || 0,
    sequence: Number(stored.slice(afterVersion + 1, afterSequence)),
    value: stored.slice(afterSequence + 1),
  };
}
