// The programs that make up the product, run as one: what ends one of them ends them all.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NODE_FLAGS } from './node-flags.mjs';

/** A little more than the service gives its own requests to end. */
const LONGEST_DRAIN_MS = 30_000;
const SAME_KEYSTROKE_MS = 1000;

export class Programs {
  #root;
  #environment;
  #running = new Map();
  #stopRequestedAt;

  constructor(root, environment) {
    this.#root = root;
    this.#environment = environment;
  }

  get areStopping() {
    return this.#stopRequestedAt !== undefined;
  }

  /** Starts one with its output passed on. */
  run(name, program, extra = {}) {
    const preload = pathToFileURL(join(this.#root, 'tools', 'end-with-parent.mjs')).href;
    const file = join(this.#root, 'dist', program);
    const flags = [...NODE_FLAGS, '--disable-warning=ExperimentalWarning', '--import', preload];
    const child = spawn(process.execPath, [...flags, file], {
      env: { ...this.#environment, ...extra },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#running.set(name, child);
    child.once('exit', (code, signal) => this.#ended(name, code, signal));
  }

  /** For a signal: the first asks, a later one insists. One Ctrl-C may arrive twice, from the terminal and from npm. */
  stop() {
    if (this.#stopRequestedAt === undefined) {
      this.#stopRequestedAt = performance.now();
      this.#ask();
    } else if (performance.now() - this.#stopRequestedAt > SAME_KEYSTROKE_MS) {
      this.#kill();
    }
  }

  #ended(name, code, signal) {
    this.#running.delete(name);
    if (!this.areStopping) {
      // Asked or not: a part that is missing is a failure.
      process.exitCode = code || 1;
      if (signal !== null || code === 0) console.error(`The ${name} ended by itself (${signal ?? 'no error'}).`);
      this.stop();
    } else if (signal === null || signal === 'SIGKILL') {
      process.exitCode ||= code ?? 1;
    }
  }

  #ask() {
    for (const child of this.#running.values()) if (child.connected) child.disconnect();
    setTimeout(() => this.#kill(), LONGEST_DRAIN_MS).unref();
  }

  #kill() {
    for (const child of this.#running.values()) child.kill('SIGKILL');
  }
}
