import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, temporaryFolder } from './built-programs.ts';

const BALLAST = 'ballast';
const BLOCK = Buffer.alloc(64 * 1024);

/** Whether it ran, and said that it did what it was asked to. */
export function done(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** A file system of its own in memory, of a few megabytes, that can really be full or read-only. */
export class SmallDisk {
  readonly path: string;
  readonly #folder: Folder;

  private constructor(folder: Folder, path: string) {
    this.#folder = folder;
    this.path = path;
  }

  /** @returns undefined where this process may not mount one */
  static mount(megabytes: number): SmallDisk | undefined {
    const folder = temporaryFolder();
    const path = join(folder.path, 'disk');
    mkdirSync(path);
    const size = `size=${megabytes}m,mode=0700`;
    if (process.platform === 'linux' && done('mount', '-t', 'tmpfs', '-o', size, 'patchbay-test', path))
      return new SmallDisk(folder, path);
    folder.remove();
    return undefined;
  }

  /** Until not one byte more can be written to it. */
  fill(): void {
    const file = openSync(join(this.path, BALLAST), 'a');
    try {
      for (let size = BLOCK.length; size >= 1;) {
        try {
          writeSync(file, BLOCK, 0, size);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          size = Math.floor(size / 2);
        }
      }
    } finally {
      closeSync(file);
    }
  }

  makeRoom(): void {
    rmSync(join(this.path, BALLAST));
  }

  /** The kernel refuses `ro` while anybody has a file open to write. */
  remount(mode: 'ro' | 'rw'): boolean {
    return done('mount', '-o', `remount,${mode}`, this.path);
  }

  remove(): void {
    done('umount', '-l', this.path);
    this.#folder.remove();
  }
}

/** Whether files can be made immutable here, for those as well who have them open: root on ext4 and its like. */
export function canFreezeFiles(): boolean {
  const folder = temporaryFolder();
  const path = join(folder.path, 'probe');
  const file = openSync(path, 'w');
  try {
    if (!freeze(path)) return false;
    writeSync(file, 'x');
    return false;
  } catch {
    return true;
  } finally {
    closeSync(file);
    thaw(path);
    folder.remove();
  }
}

/** No byte of it can be changed any more, by nobody. */
export function freeze(path: string): boolean {
  return process.platform === 'linux' && done('chattr', '+i', path);
}

export function thaw(path: string): void {
  if (existsSync(path)) done('chattr', '-i', path);
}
