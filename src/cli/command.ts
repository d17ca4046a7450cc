import type { Environment } from '../config/load-config.ts';

/** Where a command runs: what it reads and where it writes. */
export interface Terminal {
  readonly environment: Environment;
  /** What paths in arguments are relative to. */
  readonly directory: string;
  /** Standard output: the answer, and nothing else. */
  write(text: string): void;
  /** As `write`, for what is long: resolves when there is room for more, to false when nobody reads it any more. */
  pour(text: string): Promise<boolean>;
  /** One line on standard error. */
  say(line: string): void;
  /** Puts a line in the place of the last one on standard error; an empty one takes it away. Absent: nobody is watching. */
  readonly rewrite?: (line: string) => void;
  /** All of standard input. */
  input(): Promise<string>;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` shows: usage, options, examples. */
  readonly help: string;
  /** @returns the exit code */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** The command can't do what it was asked for. Its message is the one line that is shown. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure';
}

/** It was asked in a way that is not understood. */
export class UsageError extends CommandFailure {
  override readonly name = 'UsageError';
}

/** Exactly one value for each name. @throws UsageError naming what is missing or too much */
export function positionalsAs(positionals: readonly string[], ...names: readonly string[]): readonly string[] {
  const missing = names.slice(positionals.length);
  if (missing.length > 0)
    throw new UsageError(`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing.`);
  const [tooMuch] = positionals.slice(names.length);
  if (tooMuch !== undefined) throw new UsageError(`${JSON.stringify(tooMuch)} is one argument too many.`);
  return positionals;
}

export function writeJson(terminal: Terminal, value: unknown): void {
  terminal.write(`${JSON.stringify(value)}\n`);
}
