import { PatchbayError } from '../errors/patchbay-error.ts';
import { CommandFailure, writeJson, type Command, type Terminal } from './command.ts';
import { withIntegration } from './integration-in-process.ts';
import { ItemsFile } from './items-file.ts';
import { loadArguments, type LoadArguments } from './load-arguments.ts';
import { LoadRun, type RunEnd } from './load-run.ts';
import { firstState, nextState, type LoadEnd, type LoadState } from './load-state.ts';

/** As a shell shows it for a program whose reader has gone. */
const NOBODY_READS = 141;

const HELP = `Usage: load INTEGRATION --user ID --org ID [options]

Writes every item of a connected account, one JSON object a line. It works on the store and the keys of the service, which
may run beside it; on Redis both keep to the provider's limits together, on the embedded store each counts its own calls.
How far it is goes to standard error. The exit code is 0 when all that was asked for is there, and 1 when something could
not be had; that is then named.

  --user ID, --org ID   whose account
  --connection ID       which connection; left out: the one authorised last
  --types LIST          item types, separated by commas; left out: the integration's default ones
  --since TIME          only what changed since, RFC 3339, where that can be known
  --out FILE            into this file, which only you can read; left out: standard output
  --changes             go on from the load that is in FILE: add what has changed since it began
  --json                {"out", "loaded", "complete", "failures", "changes", "checkpoint"} at the end, on standard error
                        when the items go to standard output

A load into FILE that was interrupted, in whatever way, goes on where it was when the same command is given again: how far it
is stands in FILE.checkpoint. Of an item that is in the file twice, after --changes, the later line counts.

Examples:
  load notion --user ann --org acme --out items.ndjson
  load notion --user ann --org acme --out items.ndjson --changes
  load airtable --user ann --org acme --types base,table | head -20
`;

export const load: Command = {
  summary: 'every item of an account, into a file or a pipe',
  help: HELP,
  async run(args, terminal) {
    const asked = loadArguments(args);
    const file = asked.out === undefined ? undefined : new ItemsFile(asked.out, terminal.directory);
    const begin = file === undefined ? firstState(asked.wanted) : await whereToBegin(file, asked);
    if ('nothingLeft' in begin) return tellNothingLeft(begin.nothingLeft, asked, terminal);
    const ended = await withIntegration(terminal, asked.integration, (service) =>
      new LoadRun(service, begin, terminal, file).run().catch((error: unknown) => throwInWords(error, file)),
    );
    return tellEnd(ended, asked, terminal);
  },
};

async function whereToBegin(
  file: ItemsFile,
  asked: LoadArguments,
): Promise<LoadState | { readonly nothingLeft: LoadState & { readonly end: LoadEnd } }> {
  const kept = await file.state();
  if (kept !== undefined) {
    const next = nextState(kept, asked, file.name);
    if (next !== undefined) return next;
    const { end } = kept;
    if (end !== null) return { nothingLeft: { ...kept, end } };
  }
  if (!asked.changes) return firstState(asked.wanted);
  throw new CommandFailure(`There is no load in ${file.name} that changes could follow: leave out --changes first.`);
}

function throwInWords(error: unknown, file: ItemsFile | undefined): never {
  if (!(error instanceof PatchbayError) || error.code !== 'cursor_invalid' || file === undefined) throw error;
  const why = `${file.name}.checkpoint is of another connection, or sealed with a key that is gone`;
  throw new CommandFailure(`${why}: choose another --out, or remove both.`, { cause: error });
}

function tellNothingLeft({ end, checkpoint }: LoadState & { end: LoadEnd }, asked: LoadArguments, terminal: Terminal) {
  const { out = '', json } = asked;
  const { complete, failures, changes } = end;
  if (json) writeJson(terminal, { out, loaded: 0, complete, failures, changes, checkpoint });
  tellFailures(end, terminal);
  const what = complete ? `${out} is whole already` : `${out} has all but what was refused`;
  terminal.say(`${what}: --changes adds what has changed since${complete ? '' : ', and tries again'}.`);
  return complete ? 0 : 1;
}

function tellEnd(ended: RunEnd, asked: LoadArguments, terminal: Terminal): number {
  const { out } = asked;
  if (ended.kind === 'nobody-reads') return NOBODY_READS;
  if (ended.kind === 'interrupted') {
    const next = out === undefined ? '' : ` The same command goes on with ${out} where it was.`;
    terminal.say(`Interrupted after ${ended.told}.${next}`);
    return ended.exitCode;
  }
  const { end, checkpoint, loaded, told } = ended;
  const { complete, failures, changes, unfinished } = end;
  if (asked.json) {
    const shown = { out: out ?? null, loaded, complete, failures, changes, checkpoint };
    if (out === undefined) terminal.say(JSON.stringify(shown));
    else writeJson(terminal, shown);
  }
  tellFailures(end, terminal);
  const again = out !== undefined && unfinished ? ' The same command tries the rest again.' : '';
  const into = out === undefined ? '' : ` into ${out}`;
  if (!asked.json || !complete) terminal.say(`Loaded ${told}${into}${complete ? '' : ', but not all'}.${again}`);
  const untold = changes.filter(({ found_by }) => found_by === 'nobody').map(({ item_type }) => item_type);
  if (untold.length > 0 && !asked.json)
    terminal.say(`Nobody tells what changed of ${untold.join(', ')}: all of it came again.`);
  return complete ? 0 : 1;
}

function tellFailures({ failures }: LoadEnd, terminal: Terminal): void {
  for (const { item_type, error, message } of failures) terminal.say(`${item_type}: ${message} (${error})`);
}
