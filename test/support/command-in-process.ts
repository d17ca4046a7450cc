import { run } from '../../src/cli/run.ts';
import { CommandLine } from './command-line.ts';

/** How a command ended and everything it said. */
export interface Said {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

export type Environment = Readonly<Record<string, string>>;

/** The command line in this process, with nothing in its environment but what it is given. */
export async function cli(
  environment: Environment,
  args: readonly string[],
  directory = '/',
  input = '',
): Promise<Said> {
  let [output, errors] = ['', ''];
  const code = await run(args, {
    environment,
    directory,
    write: (text) => void (output += text),
    pour: () => Promise.resolve(true),
    say: (line) => void (errors += `${line}\n`),
    input: () => Promise.resolve(input),
  });
  return { code, output, errors };
}

/** The command line within this process, for what isn't about processes: none of its own takes a second to start. */
export class CommandLineInProcess extends CommandLine {
  override run(args: readonly string[], input?: string): Promise<Said> {
    return cli(this.options.environment, args, this.options.cwd, input);
  }
}

/** @returns what it answers with `--json`; throws when it fails */
export async function json(environment: Environment, ...args: string[]): Promise<Record<string, unknown>> {
  const { code, output, errors } = await cli(environment, [...args, '--json']);
  if (code !== 0) throw new Error(errors);
  return JSON.parse(output) as Record<string, unknown>;
}

/** What `restore` says became of one kind of record. */
export const counts = (some: Record<string, number>) => ({ restored: 0, kept: 0, lapsed: 0, failed: 0, ...some });
