import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { contentsOf, type Kind } from '../backup/backup-contents.ts';
import { newBackupHeader, type BackupHeader } from '../backup/backup-header.ts';
import { BackupWriter, type NewBackup } from '../backup/backup-writer.ts';
import { configuredKeyRing } from '../crypto/configured-key-ring.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { KeyValueStore } from '../storage/key-value-store.ts';
import { amount, Refusals } from './backup-words.ts';
import { positionalsAs, writeJson, type Command, type Terminal } from './command.ts';
import { configOf, refuseMissingStore, sayKeyMade, withStore } from './installation.ts';
import { countedCipher } from './keys-store.ts';
import { Progress } from './progress.ts';

export const backup: Command = {
  summary: 'put connections and clients into a sealed file',
  help: `Usage: backup FILE [--force] [--json]

Writes every connection and every API client into FILE, which only you can read. All of it is sealed with the active
encryption key, which is not in it: keep the key, and keep it elsewhere. The service may run on meanwhile. What can't be
opened is left out and named, and the exit code is 1 then; the file holds all the rest.

  --force   replace FILE when it exists
  --json    {"file", "backup_id", "key_id", "created_at", "connections", "clients", "failed"}

Examples:
  backup patchbay-2026-11-21.backup
  backup /backups/patchbay.backup --force --json
`,
  async run(args, terminal) {
    const options = { force: { type: 'boolean' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [file = ''] = positionalsAs(positionals, 'FILE');
    const config = configOf(terminal);
    // An empty backup of a store that was never there would be believed.
    refuseMissingStore(config);
    const ring = configuredKeyRing(config, (path) => sayKeyMade(terminal, path));
    const header = newBackupHeader(ring.activeKeyId, new Date());
    const target = { path: resolve(terminal.directory, file), header, overwrite: values.force === true };
    const counts = await withStore(config, (store) =>
      write(store, { ...target, cipher: countedCipher(ring, store) }, terminal),
    );
    show({ file, header, counts, json: values.json === true }, terminal);
    if (counts.failed === 0) return 0;
    terminal.say(
      `${amount(counts.failed, 'record')} could not be opened and ${counts.failed === 1 ? 'is' : 'are'} not in the backup.`,
    );
    return 1;
  },
};

type Counts = Record<Kind | 'failed', number>;

async function write(store: KeyValueStore, target: NewBackup, terminal: Terminal): Promise<Counts> {
  const writer = await BackupWriter.create(target);
  const progress = new Progress(terminal);
  const refusals = new Refusals(terminal);
  const counts: Counts = { client: 0, connection: 0, failed: 0 };
  try {
    for await (const { kind, id, record } of contentsOf(store, target.cipher)) {
      if (record instanceof PatchbayError) {
        counts.failed += 1;
        refusals.add(id, record);
      } else {
        counts[kind] += 1;
        await writer.add(record);
      }
      progress.tell(`Saved ${amount(counts.client + counts.connection, 'record')} so far`);
    }
    await writer.finish();
  } finally {
    progress.end();
    await writer.discard();
  }
  refusals.tell();
  return counts;
}

interface Showing {
  readonly file: string;
  readonly header: BackupHeader;
  readonly counts: Counts;
  readonly json: boolean;
}

function show({ file, header, counts, json }: Showing, terminal: Terminal): void {
  const { connection: connections, client: clients, failed } = counts;
  const { backupId: backup_id, keyId: key_id, createdAt: created_at } = header;
  if (json) {
    writeJson(terminal, { file, backup_id, key_id, created_at, connections, clients, failed });
    return;
  }
  const what = `${amount(connections, 'connection')} and ${amount(clients, 'client')}`;
  terminal.write(
    `Saved ${what} in ${file}, sealed with key ${key_id}.\nIt opens with that key alone: keep it, elsewhere.\n`,
  );
}
