import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = join(import.meta.dirname, '..', '..');

/** How a command ended and everything it said. */
export interface Said {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A command that runs. */
export interface Started {
  readonly hasEnded: boolean;
  /** By default as `kill -9`. */
  kill(signal?: NodeJS.Signals): void;
  /** @returns how it ended, and what it said on standard error */
  ended(): Promise<Omit<Said, 'output'>>;
}

export interface CommandLineOptions {
  /** The program, below the project's root. */
  readonly program?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where it is called. */
  readonly cwd: string;
}

/** What the issuing commands answer with `--json`. */
export interface Issued {
  readonly client_id: string;
  readonly algorithm: string;
  readonly secret?: string;
}

/** The built command line, each command in a process of its own, with nothing in its environment but what it is given. */
export class CommandLine {
  protected readonly options: CommandLineOptions;

  constructor(options: CommandLineOptions) {
    this.options = options;
  }

  /** @param input standard input; none where nothing is said */
  async run(args: readonly string[], input = ''): Promise<Said> {
    const child = this.#spawn(args);
    const ended = once(child, 'close');
    // One that reads no input may be gone before it is written.
    child.stdin.on('error', () => undefined).end(input);
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await ended) as [number | null];
    return { code, output, errors };
  }

  /** Begins a command that is not waited for, and may be killed. */
  start(args: readonly string[]): Started {
    const child = this.#spawn(args);
    child.stdin.on('error', () => undefined).end();
    child.stdout.resume();
    const errors = text(child.stderr);
    const ended = once(child, 'close');
    return {
      get hasEnded() {
        return child.exitCode !== null || child.signalCode !== null;
      },
      kill: (signal = 'SIGKILL') => child.kill(signal),
      ended: async () => {
        const [code] = (await ended) as [number | null];
        return { code, errors: await errors };
      },
    };
  }

  #spawn(args: readonly string[]): ChildProcessWithoutNullStreams {
    const { program = 'dist/src/cli/main.js', environment, cwd } = this.options;
    return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, program), ...args], {
      cwd,
      env: { PATH: process.env['PATH'], ...environment },
      stdio: 'pipe',
    });
  }

  /** @returns what it answers with `--json`; throws when it fails */
  async json(args: readonly string[], input?: string): Promise<unknown> {
    const { code, output, errors } = await this.run([...args, '--json'], input);
    if (code !== 0) throw new Error(`"${args.join(' ')}" ended with ${code}: ${errors}`);
    return JSON.parse(output) as unknown;
  }

  async issue(args: readonly string[]): Promise<Issued> {
    return (await this.json(args)) as Issued;
  }
}
