import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackupHeader } from '../backup/backup-header.ts';
import { BackupReader } from '../backup/backup-reader.ts';
import { RestoredClients } from '../backup/restored-clients.ts';
import { RestoredConnections } from '../backup/restored-connections.ts';
import { restoreContents, total, verifyBackup, type RestoredByKind } from '../backup/restored-contents.ts';
import type { AppConfig } from '../config/app-config.ts';
import { configuredKeyRing } from '../crypto/configured-key-ring.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { amount, Refusals } from './backup-words.ts';
import { CommandFailure, positionalsAs, writeJson, type Command, type Terminal } from './command.ts';
import { configOf, withStore } from './installation.ts';
import { countedCipher } from './keys-store.ts';
import { Progress } from './progress.ts';

export const restore: Command = {
  summary: 'put what a backup holds into the store',
  help: `Usage: restore FILE [--dry-run] [--json]

Puts the connections and API clients of a backup into the configured store, which may be of another kind than the one they
came from. The whole file is checked first: one that was altered or cut changes nothing. What the store has already is kept
when it is as new or newer, and replaced else. It can be run again, also after it was interrupted.

The key the backup is sealed with must be in the key ring; everything is sealed anew with the active key. What was revoked
or disconnected after the backup comes back: look at "clients list" afterwards.

  --dry-run   say what would be done, and change nothing
  --json      {"backup_id", "key_id", "created_at", "dry_run", "connections", "clients"}, the last two each
              {"restored", "kept", "lapsed", "failed"}; "lapsed" were unused for longer than CONNECTION_IDLE_TTL_DAYS

Examples:
  restore patchbay-2026-11-21.backup --dry-run
  restore patchbay-2026-11-21.backup
`,
  async run(args, terminal) {
    const options = { 'dry-run': { type: 'boolean' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [file = ''] = positionalsAs(positionals, 'FILE');
    const config = configOf(terminal);
    const reader = await BackupReader.open(resolve(terminal.directory, file));
    try {
      const dryRun = values['dry-run'] === true;
      const counts = await restoreFrom(reader, { config, ring: ringFor(reader.header, config), dryRun }, terminal);
      const { header } = reader;
      if (values.json === true) writeJson(terminal, asJson(header, counts, dryRun));
      else terminal.write(asText(header, counts, dryRun, config));
      const failed = total(counts, 'failed');
      if (failed > 0) terminal.say(`${amount(failed, 'record')} could not be restored.`);
      return failed === 0 ? 0 : 1;
    } finally {
      await reader.close();
    }
  },
};

interface Restoring {
  readonly config: AppConfig;
  readonly ring: KeyRing;
  readonly dryRun: boolean;
}

/** @throws CommandFailure when the backup's key isn't here; a new key, which could not open it either, is never made */
function ringFor({ keyId }: BackupHeader, config: AppConfig): KeyRing {
  const isGenerated = config.encryptionKeys === undefined;
  const keyFile = join(config.dataDir, 'encryption.key');
  const isMissing = isGenerated && !existsSync(keyFile);
  const ring = isMissing ? undefined : configuredKeyRing(config, () => undefined);
  if (ring?.keyIds.includes(keyId) === true) return ring;
  const where = isGenerated ? `${keyFile}, or into ENCRYPTION_KEYS` : 'ENCRYPTION_KEYS, behind the active one';
  throw new CommandFailure(`The backup is sealed with key ${keyId}, which is not here. Put it into ${where}.`);
}

async function restoreFrom(reader: BackupReader, restoring: Restoring, terminal: Terminal): Promise<RestoredByKind> {
  const { config, ring, dryRun } = restoring;
  const progress = new Progress(terminal);
  const refusals = new Refusals(terminal);
  try {
    const count = await verifyBackup(reader, new CredentialCipher(ring), (done) =>
      progress.tell(`Checked ${amount(done, 'record')} so far`),
    );
    return await withStore(config, (store) => {
      const cipher = dryRun ? new CredentialCipher(ring) : countedCipher(ring, store);
      const restorers = {
        client: new RestoredClients(store, cipher),
        connection: new RestoredConnections(store, cipher, config.connectionIdleTtlDays),
      };
      const done = dryRun ? 'Compared' : 'Restored';
      return restoreContents(
        reader,
        cipher,
        { restorers, dryRun },
        {
          progress: (records) => progress.tell(`${done} ${records} of ${amount(count, 'record')}`),
          failed: (_kind, id, error) => refusals.add(id, error),
        },
      );
    });
  } finally {
    progress.end();
    refusals.tell();
  }
}

function asJson({ backupId, keyId, createdAt }: BackupHeader, counts: RestoredByKind, dryRun: boolean) {
  return {
    backup_id: backupId,
    key_id: keyId,
    created_at: createdAt,
    dry_run: dryRun,
    connections: counts.connection,
    clients: counts.client,
  };
}

function asText(header: BackupHeader, counts: RestoredByKind, dryRun: boolean, config: AppConfig): string {
  const { connection, client } = counts;
  const both = (outcome: 'restored' | 'kept') =>
    `${amount(connection[outcome], 'connection')} and ${amount(client[outcome], 'client')}`;
  const lines = [
    `${dryRun ? 'Would restore' : 'Restored'} ${both('restored')} of the backup made ${header.createdAt}.`,
    ...(total(counts, 'kept') === 0
      ? []
      : [`${dryRun ? 'Would keep' : 'Kept'} ${both('kept')}: they are as new here, or newer.`]),
    ...(connection.lapsed === 0
      ? []
      : [`Left out ${amount(connection.lapsed, 'connection')}, unused for over ${config.connectionIdleTtlDays} days.`]),
    ...(client.restored === 0 ? [] : ['Clients that were revoked since the backup may be back: see "clients list".']),
  ];
  return `${lines.join('\n')}\n`;
}
