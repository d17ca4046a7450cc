import { randomBytes } from 'node:crypto';
import { link, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CredentialCipher } from '../crypto/credential-cipher.ts';
import { Secret } from '../errors/secret.ts';
import { CHUNK_CHARACTERS, chunkContext } from './backup-chunk.ts';
import { BackupError } from './backup-error.ts';
import { writeBackupHeader, type BackupHeader } from './backup-header.ts';
import { writeBackupRecord, type BackupRecord } from './backup-record.ts';

export interface NewBackup {
  readonly path: string;
  readonly header: BackupHeader;
  readonly cipher: CredentialCipher;
  /** Whether a file of that name may be replaced. */
  readonly overwrite: boolean;
}

/**
 * Writes a backup under another name, for its owner's eyes alone (mode 0600), and gives it its own name once all of it is
 * on the disk: whoever finds the file finds the whole backup. Holds one chunk in memory.
 */
export class BackupWriter {
  readonly #backup: NewBackup;
  readonly #draft: string;
  readonly #file: FileHandle;
  readonly #headerLine: string;
  #pending = '';
  #chunks = 0;

  /** @throws BackupError when there is such a file already, or none can be made */
  static async create(backup: NewBackup): Promise<BackupWriter> {
    await refuseStanding(backup);
    const draft = `${backup.path}.${randomBytes(4).toString('hex')}.part`;
    const writer = new BackupWriter(backup, draft, await newFile(draft, backup.path));
    try {
      await writer.#file.writeFile(`${writer.#headerLine}\n`);
      return writer;
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  private constructor(backup: NewBackup, draft: string, file: FileHandle) {
    this.#backup = backup;
    this.#draft = draft;
    this.#file = file;
    this.#headerLine = writeBackupHeader(backup.header);
  }

  async add(record: BackupRecord): Promise<void> {
    this.#pending += writeBackupRecord(record);
    // Never all of it: one chunk has to be there for the end.
    while (this.#pending.length > CHUNK_CHARACTERS) {
      const chunk = this.#pending.slice(0, CHUNK_CHARACTERS);
      this.#pending = this.#pending.slice(CHUNK_CHARACTERS);
      await this.#write(chunk, false);
    }
  }

  /** @throws BackupError when a file of that name has come into being meanwhile */
  async finish(): Promise<void> {
    await this.#write(this.#pending.padEnd(CHUNK_CHARACTERS, '\n'), true);
    await this.#file.sync();
    await this.#file.close();
    await refuseStanding(this.#backup);
    await this.#name();
    await syncFolder(dirname(this.#backup.path));
  }

  /** Leaves nothing behind. Does nothing after `finish`. */
  async discard(): Promise<void> {
    await this.#file.close();
    await rm(this.#draft, { force: true });
  }

  async #write(chunk: string, isLast: boolean): Promise<void> {
    const context = chunkContext({ headerLine: this.#headerLine, number: this.#chunks, isLast });
    this.#chunks += 1;
    await this.#file.writeFile(`${this.#backup.cipher.seal(new Secret(chunk), context)}\n`);
  }

  /** A link, unlike a new name, never takes the place of what another process has put there. */
  async #name(): Promise<void> {
    const { path, overwrite } = this.#backup;
    if (overwrite) return rename(this.#draft, path);
    try {
      await link(this.#draft, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw existsAlready(path);
      // A file system without links.
      return rename(this.#draft, path);
    }
    await rm(this.#draft);
  }
}

async function newFile(draft: string, path: string): Promise<FileHandle> {
  try {
    return await open(draft, 'wx', 0o600);
  } catch (error) {
    throw new BackupError(`${path} can't be made (${codeOf(error)}).`, { cause: error });
  }
}

async function refuseStanding({ path, overwrite }: NewBackup): Promise<void> {
  const standing = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new BackupError(`${path} can't be made (${codeOf(error)}).`, { cause: error });
  });
  if (standing === undefined) return;
  if (!standing.isFile()) throw new BackupError(`${path} is not a file that a backup could be put into.`);
  if (!overwrite) throw existsAlready(path);
}

function existsAlready(path: string): BackupError {
  return new BackupError(`${path} exists already: name a new file, or say --force to replace it.`);
}

/** So that the name survives a power failure too. Windows can't open folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'for an unknown reason';
}
