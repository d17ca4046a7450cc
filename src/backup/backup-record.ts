import { isJsonObject } from '../errors/json-object.ts';
import type { RecordKey, StoredRecord } from '../storage/key-value-store.ts';
import { BackupError } from './backup-error.ts';

/** A record as a store would hold it. What is sealed in it is sealed with the backup's key. */
export interface BackupRecord extends RecordKey, StoredRecord {}

/** One line of printable ASCII, so that characters are bytes and the text may be cut anywhere. */
export function writeBackupRecord({ collection, partition, id, version, value }: BackupRecord): string {
  const json = JSON.stringify({ collection, partition, id, version, value });
  return `${json.replace(/[\u007f-\uffff]/g, escaped)}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Reads a line that was authenticated. @throws BackupError when it is no record all the same */
export function readBackupRecord(line: string): BackupRecord {
  const json: unknown = JSON.parse(line);
  if (!isJsonObject(json)) throw unknownRecord();
  const { collection, partition, id, version, value } = json;
  if (typeof collection !== 'string' || typeof partition !== 'string' || typeof id !== 'string') throw unknownRecord();
  if (typeof version !== 'number' || typeof value !== 'string') throw unknownRecord();
  return { collection, partition, id, version, value };
}

function unknownRecord(): BackupError {
  return new BackupError('This backup holds what this release does not know.');
}
