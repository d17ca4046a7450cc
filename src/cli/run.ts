import { BackupError } from '../backup/backup-error.ts';
import { ConfigError } from '../config/load-config.ts';
import { KeyRingError } from '../crypto/key-ring.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { CommandFailure, UsageError, type Command, type Terminal } from './command.ts';

const FAILED = 1;
const MISUSED = 2;

/** Loaded when it is asked for: half of what a short command takes would go to the others' modules. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['clients create', async () => (await import('./clients-create.command.ts')).createClient],
  ['clients list', async () => (await import('./clients-list.command.ts')).listClients],
  ['clients rotate', async () => (await import('./clients-rotate.command.ts')).rotateClient],
  ['clients revoke', async () => (await import('./clients-revoke.command.ts')).revokeClient],
  ['keys status', async () => (await import('./keys-status.command.ts')).keysStatus],
  ['keys rotate', async () => (await import('./keys-rotate.command.ts')).keysRotate],
  ['request', async () => (await import('./request.command.ts')).sendRequest],
  ['load', async () => (await import('./load.command.ts')).load],
  ['doctor', async () => (await import('./doctor.command.ts')).doctor],
  ['backup', async () => (await import('./backup.command.ts')).backup],
  ['restore', async () => (await import('./restore.command.ts')).restore],
]);

/** @returns the exit code: 0, 1 when it failed, 2 when it was asked wrongly */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const found = find(args);
    const asksForHelp = args.includes('--help') || args.includes('-h');
    if (found === undefined && (asksForHelp || args.length === 0)) {
      terminal.write(await overview(args[0]));
      return args.length === 0 ? MISUSED : 0;
    }
    if (found === undefined) throw new UsageError(unknownCommand(args));
    const command = await found.command();
    if (asksForHelp) {
      terminal.write(command.help);
      return 0;
    }
    return await command.run(found.args, terminal);
  } catch (error) {
    terminal.say(whyFailed(error));
    return isMisuse(error) ? MISUSED : FAILED;
  }
}

function find(args: readonly string[]): { command: () => Promise<Command>; args: readonly string[] } | undefined {
  for (const words of [1, 2]) {
    const command = COMMANDS.get(args.slice(0, words).join(' '));
    if (command !== undefined) return { command, args: args.slice(words) };
  }
  return undefined;
}

async function overview(group?: string): Promise<string> {
  const inGroup = [...COMMANDS].filter(([name]) => name.startsWith(`${group} `));
  const shown = inGroup.length > 0 ? inGroup : [...COMMANDS];
  const list: string[] = [];
  for (const [name, command] of shown) list.push(`  ${name.padEnd(16)} ${(await command()).summary}\n`);
  return `Usage: npm run --silent cli -- <command> [options]

${list.join('')}
Every command takes --json, and --help, which explains it with examples.
`;
}

function unknownCommand([first = '', second]: readonly string[]): string {
  const below = [...COMMANDS.keys()].filter((name) => name.startsWith(`${first} `)).map((name) => name.split(' ')[1]);
  if (below.length === 0) return `There is no command ${JSON.stringify(first)}. --help lists them.`;
  const said = second === undefined ? `${first} needs` : `There is no command ${JSON.stringify(`${first} ${second}`)}:`;
  return `${said} one of ${below.join(', ')}.`;
}

function isMisuse(error: unknown): boolean {
  return error instanceof UsageError || isParseError(error);
}

/** What `util.parseArgs` throws for arguments it doesn't know. */
function isParseError(error: unknown): error is Error {
  return (
    typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}

/** One line for what a person can mend; a defect comes with its stack. */
function whyFailed(error: unknown): string {
  if (error instanceof CommandFailure || error instanceof KeyRingError || error instanceof BackupError)
    return error.message;
  if (isParseError(error))
    return (error.message.split('. ')[0] ?? '').replace(/\.?$/, '. --help explains the command.');
  if (error instanceof ConfigError) {
    return `The configuration can't be used: ${error.problems.map(([key, problem]) => `${key} ${problem}`).join('; ')}.`;
  }
  if (!(error instanceof Error)) return String(error);
  const reason = error.cause instanceof Error && error.cause.message !== '' ? ` (${error.cause.message})` : '';
  if (error instanceof PatchbayError) return `${error.message}${reason}`.replaceAll('\n', ' ');
  // What the system refused says itself what is wrong.
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return error.message;
  return error.stack ?? error.message;
}
