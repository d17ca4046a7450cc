import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NODE_FLAGS } from '../../tools/node-flags.mjs';
import { eventually } from './eventually.ts';
import { newStoreFolder } from './store-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const END_WITH_PARENT = pathToFileURL(join(ROOT, 'tools', 'end-with-parent.mjs')).href;

/**
 * Builds the service and the page when they are missing or older than their sources, as `npm start` does. Test files run
 * side by side and a build empties the folders it writes to: this is the one way for a test to build, behind one lock.
 */
export function ensureBuilt(): void {
  const { status, stderr } = spawnSync(process.execPath, ['tools/ensure-built.mjs'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The build failed:\n${stderr}`);
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One of the product's programs in a process of its own, with nothing in its environment but what it is given. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  output = '';
  errors = '';

  /** @param file below the project's root; `cwd` is a folder without a `.env` */
  constructor(file: string, environment: Readonly<Record<string, string>>, cwd: string) {
    this.#child = spawn(
      process.execPath,
      [...NODE_FLAGS, '--disable-warning=ExperimentalWarning', '--import', END_WITH_PARENT, join(ROOT, file)],
      { cwd, env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    // Not until its output has arrived too.
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('It was never started.');
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves once it has said so. Fails with what it said instead when it ends before. */
  async said(text: string): Promise<void> {
    const heard = () => this.output.includes(text);
    await eventually(heard, (is) => is || this.hasEnded);
    if (!heard()) throw new Error(`It ended without saying "${text}":\n${this.output}${this.errors}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  /** Ends it by a signal. @returns how it ended */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    if (!this.hasEnded) this.signal(signal);
    return this.#ended;
  }
}

/** The lines of a log, in order; what isn't JSON is for people. */
export function logLines(output: string): Record<string, unknown>[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export interface Folder {
  readonly path: string;
  remove(): void;
}

export function temporaryFolder(): Folder {
  const path = newStoreFolder();
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
