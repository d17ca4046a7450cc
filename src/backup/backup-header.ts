import { randomBytes } from 'node:crypto';
import { isJsonObject } from '../errors/json-object.ts';
import { BackupError } from './backup-error.ts';

const FORMAT = 'patchbay-backup';
const VERSION = 1;
const BACKUP_ID = /^[A-Za-z0-9_-]{22}$/;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** All that a backup tells those who can't open it. */
export interface BackupHeader {
  /** Random, so that no two backups' chunks fit each other. */
  readonly backupId: string;
  /** The key that everything in it is sealed with. */
  readonly keyId: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

export function newBackupHeader(keyId: string, now: Date): BackupHeader {
  return { backupId: randomBytes(16).toString('base64url'), keyId, createdAt: now.toISOString() };
}

/** The first line, without its end. */
export function writeBackupHeader({ backupId, keyId, createdAt }: BackupHeader): string {
  return JSON.stringify({
    format: FORMAT,
    version: VERSION,
    backup_id: backupId,
    key_id: keyId,
    created_at: createdAt,
  });
}

/**
 * What it says is believed only once a chunk has opened: each is bound to this very line.
 * @throws BackupError for what is no backup, or one of another version
 */
export function readBackupHeader(line: string): BackupHeader {
  const json = parsed(line);
  if (!isJsonObject(json) || json['format'] !== FORMAT) throw new BackupError('This is not a backup of Patchbay.');
  if (json['version'] !== VERSION) {
    throw new BackupError(`This backup has another format than version ${VERSION}, which is the one known here.`);
  }
  const { backup_id: backupId, key_id: keyId, created_at: createdAt } = json;
  if (!matches(BACKUP_ID, backupId) || !matches(KEY_ID, keyId) || !matches(TIME, createdAt)) {
    throw new BackupError("This backup's first line was altered.");
  }
  return { backupId, keyId, createdAt };
}

function matches(form: RegExp, value: unknown): value is string {
  return typeof value === 'string' && form.test(value);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
