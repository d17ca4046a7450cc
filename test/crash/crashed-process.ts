import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Compiled } from './compiled.ts';
import { SIGNS, type CrashJob } from './crash-job.ts';

const PROGRAM = 'test/crash/crashing-child.ts';

/** How a process's life went. Times are of `performance.now()`. */
export interface ProcessLife {
  /** Whether it was killed at its work. Else it ended by itself, before whatever was to kill it. */
  readonly killed: boolean;
  readonly endedAt: number;
  /** How long its work took, or until it was killed. */
  readonly workMs: number;
  /** The steps it has begun, in order. */
  readonly steps: readonly string[];
  /** Those it knew to be done. */
  readonly done: ReadonlySet<string>;
}

/** A process that does one job, and most likely dies at it. */
export class CrashedProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  #readyAt: number | undefined;
  #killAfterMs: number | undefined;

  constructor(compiled: Compiled, job: CrashJob) {
    this.#child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', compiled.file(PROGRAM), JSON.stringify(job)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compiled.file('compile-cache') },
      },
    );
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Kills it so long after it has begun its work. */
  killAfter(ms: number): void {
    this.#killAfterMs = ms;
  }

  async life(): Promise<ProcessLife> {
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('It was started without pipes.');
    let errors = '';
    stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    createInterface({ input: stdout }).on('line', (line) => this.#heard(line));
    const ended = once(this.#child, 'exit').then(() => performance.now());
    await once(this.#child, 'close');
    const { signalCode } = this.#child;
    if (signalCode !== null && signalCode !== 'SIGKILL') throw new Error(`It ended by ${signalCode}: ${errors}`);
    const endedAt = await ended;
    const finished = this.#lines.includes(SIGNS.finished);
    const told = (sign: string) =>
      this.#lines.filter((line) => line.startsWith(`${sign} `)).map((line) => line.slice(2));
    return {
      killed: signalCode === 'SIGKILL' && this.#readyAt !== undefined && !finished,
      endedAt,
      workMs: endedAt - (this.#readyAt ?? endedAt),
      steps: told(SIGNS.begins),
      done: new Set(told(SIGNS.done)),
    };
  }

  #heard(line: string): void {
    this.#lines.push(line);
    if (line !== SIGNS.ready) return;
    this.#readyAt = performance.now();
    if (this.#killAfterMs !== undefined) setTimeout(() => this.kill(), this.#killAfterMs);
  }
}
