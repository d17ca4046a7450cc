import { open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandFailure } from './command.ts';
import { readState, type LoadState } from './load-state.ts';

const NEWLINE = 0x0a;

/**
 * A file of items and, beside it, how far the load into it is. The state is written once the items before its checkpoint are
 * on the disk, and takes its predecessor's place at once: whenever the process ends, and however, what lies behind the
 * `bytes` of the state comes again, and is cut off before it does.
 */
export class ItemsFile {
  /** As the operator calls it. */
  readonly name: string;
  readonly #path: string;
  readonly #statePath: string;
  #file: FileHandle | undefined;
  #bytes = 0;
  #wasEnded = false;
  /** Tells our state from one that another process has put in its place. */
  #mark = '';

  constructor(name: string, directory: string) {
    this.name = name;
    this.#path = resolve(directory, name);
    this.#statePath = `${this.#path}.checkpoint`;
  }

  /**
   * @returns undefined when no load was begun into it
   * @throws CommandFailure when something else is there
   */
  async state(): Promise<LoadState | undefined> {
    const text = await unlessMissing(readFile(this.#statePath, 'utf8'));
    const found = await unlessMissing(stat(this.#path));
    if (found?.isFile() === false) throw new CommandFailure(`${this.name} is not a file that items could be put into.`);
    if (text !== undefined) {
      const state = readState(text, `${this.name}.checkpoint`);
      this.#wasEnded = state.end !== null;
      return state;
    }
    if ((found?.size ?? 0) === 0) return undefined;
    throw new CommandFailure(
      `${this.name} exists already, and no ${this.name}.checkpoint says how far it is: remove it, or choose another --out.`,
    );
  }

  /**
   * Opens the file where the state says, and cuts off what lies behind. Where an ended load's file was taken away a new one
   * is begun.
   * @throws CommandFailure when the file isn't the one the state is of
   */
  async begin(state: LoadState): Promise<void> {
    const size = (await unlessMissing(stat(this.#path)))?.size;
    const bytes = size === undefined && this.#wasEnded ? 0 : state.bytes;
    if ((size ?? 0) < bytes) throw this.#changed('shorter');
    // Whoever wrote behind the end of a load would lose it.
    if (this.#wasEnded && (size ?? 0) > bytes) throw this.#changed('longer');
    const begun = { ...state, bytes };
    // First, so that a file without a state is never ours.
    if (bytes === 0) await this.#replaceState(begun);
    this.#file = await this.#open(size === undefined ? 'wx+' : 'r+');
    if (!(await this.#endsLineAt(this.#file, bytes))) throw this.#changed('another');
    await this.#file.truncate(bytes);
    this.#bytes = bytes;
    if (bytes > 0) await this.#replaceState(begun);
  }

  /** @param lines whole ones */
  async append(lines: string): Promise<void> {
    await this.#refuseOther();
    const buffer = Buffer.from(lines);
    for (let written = 0; written < buffer.length;) {
      const { bytesWritten } = await this.#opened.write(buffer, written, buffer.length - written, this.#bytes);
      written += bytesWritten;
      this.#bytes += bytesWritten;
    }
  }

  /** Keeps a state with all that was appended. */
  async keep(state: Omit<LoadState, 'bytes'>): Promise<void> {
    await this.#refuseOther();
    await this.#opened.datasync();
    await this.#replaceState({ ...state, bytes: this.#bytes });
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  get #opened(): FileHandle {
    if (this.#file === undefined) throw new TypeError('The file was never begun.');
    return this.#file;
  }

  async #open(flags: string): Promise<FileHandle> {
    try {
      return await open(this.#path, flags, 0o600);
    } catch (error) {
      throw this.#cannot(error);
    }
  }

  async #endsLineAt(file: FileHandle, bytes: number): Promise<boolean> {
    if (bytes === 0) return true;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, bytes - 1);
    return buffer[0] === NEWLINE;
  }

  async #replaceState(state: LoadState): Promise<void> {
    const draft = `${this.#statePath}.part`;
    try {
      await rm(draft, { force: true });
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(state)}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
      this.#mark = await markOf(draft);
      await rename(draft, this.#statePath);
    } catch (error) {
      throw this.#cannot(error);
    }
  }

  /** Two loads into one file would make no load. The later one has it. */
  async #refuseOther(): Promise<void> {
    if ((await markOf(this.#statePath)) === this.#mark) return;
    throw new CommandFailure(`Something else has begun to write ${this.name}, or took its checkpoint: this load ends.`);
  }

  #cannot(error: unknown): CommandFailure {
    const { code = 'for an unknown reason' } = error as NodeJS.ErrnoException;
    return new CommandFailure(`${this.name} can't be written (${code}).`, { cause: error });
  }

  #changed(how: 'shorter' | 'longer' | 'another'): CommandFailure {
    const what = how === 'another' ? 'is not the file' : `is ${how} than the file`;
    return new CommandFailure(
      `${this.name} ${what} that ${this.name}.checkpoint is of: choose another --out, or remove both.`,
    );
  }
}

/** Inodes are given out again: the time makes it one of its own. */
async function markOf(path: string): Promise<string> {
  const found = await unlessMissing(stat(path, { bigint: true }));
  return found === undefined ? 'gone' : `${found.ino}:${found.mtimeNs}`;
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
