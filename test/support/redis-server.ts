import { describe } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { foundBinary } from './found-binaries.ts';
import { freePort } from './free-port.ts';

export interface RedisServerOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** Whether records survive `restart`. Default: no. */
  readonly appendOnly?: boolean;
  /** Further arguments, e.g. `['--maxmemory', '2mb']`. */
  readonly args?: readonly string[];
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Changes with `restart`. */
  readonly pid: number;
  /** Freezes it: it accepts connections but answers nothing. */
  pause(): void;
  resume(): void;
  /** Ends it as a crash would. Resolves when it is gone; `restart` brings it back. */
  kill(): Promise<void>;
  /** Starts it again on the same port, killing it first when it still runs. */
  restart(): Promise<void>;
  /** Ends it for good and removes its files. */
  stop(): Promise<void>;
}

/** Like `describe`, but skipped, with a line that says so, where there is no redis-server. Never in CI. */
export const describeWithRedis: typeof describe | typeof describe.skip =
  foundBinary('redis-server') === undefined ? describe.skip : describe;

/** A real redis-server on 127.0.0.1 that answers. It ends with this process at the latest, however that ends. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-redis-'));
  const port = options.port ?? (await freePort());
  const server = new RunningRedis(port, directory, [
    ...['--appendonly', options.appendOnly === true ? 'yes' : 'no', '--appendfsync', 'always'],
    ...(options.args ?? []),
  ]);
  await server.restart();
  return server;
}

class RunningRedis implements RedisServer {
  readonly url: string;
  readonly port: number;
  readonly #directory: string;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;
  #guard: ChildProcess | undefined;

  constructor(port: number, directory: string, args: readonly string[]) {
    this.url = `redis://127.0.0.1:${port}`;
    this.port = port;
    this.#directory = directory;
    this.#args = args;
  }

  get pid(): number {
    if (this.#process?.pid === undefined) throw new Error('This redis-server does not run.');
    return this.#process.pid;
  }

  pause(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  async kill(): Promise<void> {
    const running = this.#process;
    if (running === undefined) return;
    // The guard first: it must not outlive the process whose number it knows.
    this.#guard?.kill('SIGKILL');
    const gone = running.exitCode !== null || running.signalCode !== null ? undefined : once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
    this.#process = undefined;
  }

  async restart(): Promise<void> {
    await this.kill();
    const binary = foundBinary('redis-server');
    if (binary === undefined) throw new Error('There is no redis-server: use describeWithRedis.');
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#directory, '--save', ''];
    // A process group of its own: a signal to the group of the tests must not thaw a Redis that is frozen.
    const started = spawn(binary, [...args, ...this.#args], { stdio: 'ignore', detached: true });
    started.unref();
    this.#process = started;
    this.#guard = startGuard(this.pid);
    await eventually(
      () => this.#answers(),
      (answers) => answers,
    );
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    const { exitCode } = this.#process ?? {};
    if (typeof exitCode === 'number') throw new Error(`redis-server ended with code ${exitCode}.`);
    return answersPing(this.port);
  }
}

/** Kills the server when this process ends, even by SIGKILL: then the guard's input ends. */
function startGuard(pid: number): ChildProcess {
  const script = `read line; kill -9 ${pid}`;
  const guard = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.unref();
  const input = guard.stdin as (typeof guard.stdin & { unref?: () => void }) | null;
  input?.unref?.();
  return guard;
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(500, () => socket.destroy());
    socket.once('error', () => undefined);
    socket.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('close', () => resolve(false));
  });
}
