import { open, type FileHandle } from 'node:fs/promises';
import { UnsealError, type CredentialCipher } from '../crypto/credential-cipher.ts';
import { chunkContext, chunkLineBytes, type ChunkPlace } from './backup-chunk.ts';
import { BackupError } from './backup-error.ts';
import { readBackupHeader, type BackupHeader } from './backup-header.ts';
import { readBackupRecord, type BackupRecord } from './backup-record.ts';

/** Longer than any first line. */
const HEADER_BYTES = 512;

/** A backup to restore from. Holds one chunk in memory. */
export class BackupReader {
  readonly header: BackupHeader;
  readonly #file: FileHandle;
  readonly #headerLine: string;

  /** @throws BackupError for what is no backup, or can't be read */
  static async open(path: string): Promise<BackupReader> {
    const file = await openFile(path);
    try {
      if (!(await file.stat()).isFile()) throw new BackupError(`${path} is not a file.`);
      return new BackupReader(file, await firstLine(file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private constructor(file: FileHandle, headerLine: string) {
    this.#file = file;
    this.#headerLine = headerLine;
    this.header = readBackupHeader(headerLine);
  }

  /**
   * The records, from the first, each authentic. That nothing is missing is known only at the end: go through all of them
   * once before the first is used.
   * @throws BackupError when it was altered, cut, or put together from others, or is sealed with another key
   */
  async *records(cipher: CredentialCipher): AsyncGenerator<BackupRecord> {
    let rest = '';
    for await (const text of this.#chunks(cipher)) {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield readBackupRecord(line);
    }
    if (rest !== '') yield readBackupRecord(rest);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async *#chunks(cipher: CredentialCipher): AsyncGenerator<string> {
    const bytes = chunkLineBytes(this.header.keyId);
    const start = this.#headerLine.length + 1;
    const count = ((await this.#file.stat()).size - start) / bytes;
    if (count < 1 || !Number.isSafeInteger(count)) {
      throw new BackupError('This backup is cut short, or something was added to it.');
    }
    const line = Buffer.alloc(bytes);
    for (let number = 0; number < count; number += 1) {
      const { bytesRead } = await this.#file.read(line, 0, bytes, start + number * bytes);
      if (bytesRead !== bytes || line.at(-1) !== 0x0a) throw altered(this.header.keyId);
      const place = { headerLine: this.#headerLine, number, isLast: number === count - 1 };
      yield this.#open(cipher, line.toString('latin1', 0, bytes - 1), place);
    }
  }

  #open(cipher: CredentialCipher, sealed: string, place: ChunkPlace): string {
    try {
      return cipher.open(sealed, chunkContext(place)).reveal();
    } catch (error) {
      if (error instanceof UnsealError) throw altered(this.header.keyId);
      throw error;
    }
  }
}

function altered(keyId: string): BackupError {
  return new BackupError(
    `This backup was altered or cut, or is sealed with another key than the one that is called ${keyId} here.`,
  );
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'for an unknown reason';
    throw new BackupError(`${path} can't be read (${reason}).`, { cause: error });
  }
}

async function firstLine(file: FileHandle): Promise<string> {
  const start = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await file.read(start, 0, HEADER_BYTES, 0);
  const end = start.subarray(0, bytesRead).indexOf('\n');
  return start.toString('latin1', 0, end === -1 ? bytesRead : end);
}
