import { isDeepStrictEqual } from 'node:util';
import type { LoadFailure } from '../items/load-position.ts';
import type { StreamEnd, TypeChanges } from '../items/streamed-load.ts';
import { CommandFailure } from './command.ts';

const FORMAT = 'patchbay-load-1';

/** Which items, in the words of a request. */
export interface WantedItems {
  readonly integration: string;
  readonly user_id: string;
  readonly org_id: string;
  /** Absent: the connection authorised last, until it is known which that was. */
  readonly connection_id?: string;
  readonly item_types: readonly string[];
  /** RFC 3339. */
  readonly modified_since?: string;
}

export interface LoadedType {
  readonly loaded: number;
  readonly done: boolean;
}

/** How a load ended. */
export interface LoadEnd {
  readonly complete: boolean;
  readonly failures: readonly LoadFailure[];
  readonly changes: readonly TypeChanges[];
  /** Whether an item type was left in the middle, or before it began: then there is something to go on with. */
  readonly unfinished: boolean;
}

/** How far the load into a file is: what stands in the small file beside it. */
export interface LoadState {
  readonly format: typeof FORMAT;
  readonly wanted: WantedItems;
  /** Whether it is a load of what changed since the one before. */
  readonly changes: boolean;
  /** So much of the file came before the checkpoint. */
  readonly bytes: number;
  /** null: the load begins at its start. */
  readonly checkpoint: string | null;
  /** What this load has brought, by item type, in however many runs. */
  readonly types: Readonly<Record<string, LoadedType>>;
  /** null: it is under way, or was cut. */
  readonly end: LoadEnd | null;
}

export interface AskedLoad {
  readonly wanted: WantedItems;
  readonly changes: boolean;
}

export function firstState(wanted: WantedItems): LoadState {
  return { format: FORMAT, wanted, changes: false, bytes: 0, checkpoint: null, types: {}, end: null };
}

/** @throws CommandFailure for what is no such state. @param name of the file it was read from */
export function readState(text: string, name: string): LoadState {
  try {
    const state = JSON.parse(text) as LoadState | null;
    if (state?.format === FORMAT) return state;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CommandFailure(`${name} says of no load how far it is. Choose another --out.`);
}

/**
 * Where a load goes on that was asked for again, be it with what changed since its end.
 * @returns undefined when there is nothing left to do
 * @throws CommandFailure when the file is of another load, or has nothing that changes could follow
 */
export function nextState(state: LoadState, asked: AskedLoad, out: string): LoadState | undefined {
  refuseOther(state, asked, out);
  const { end } = state;
  if (end === null) {
    if (!asked.changes || state.changes) return state;
    throw new CommandFailure(`${out} isn't whole yet: the same command without --changes goes on with it.`);
  }
  if (!asked.changes && !end.unfinished) return undefined;
  return { ...state, changes: state.changes || asked.changes, types: {}, end: null };
}

/** What a load that was asked for again must have in common with the one that is in the file. */
function refuseOther({ wanted: had }: LoadState, { wanted, changes }: AskedLoad, out: string): void {
  const timeOf = ({ modified_since }: WantedItems) => Date.parse(modified_since ?? '1970-01-01');
  const differences = {
    integration: had.integration !== wanted.integration,
    '--user': had.user_id !== wanted.user_id,
    '--org': had.org_id !== wanted.org_id,
    '--connection': (wanted.connection_id ?? had.connection_id) !== (had.connection_id ?? wanted.connection_id),
    '--types': !isDeepStrictEqual(new Set(had.item_types), new Set(wanted.item_types)),
    '--since': !changes && timeOf(had) !== timeOf(wanted),
  };
  const [first] = Object.entries(differences).find(([, differs]) => differs) ?? [];
  if (first === undefined) return;
  throw new CommandFailure(
    `${out} is of another load (its ${first} was another): choose another --out, or remove it and ${out}.checkpoint.`,
  );
}

/** @param types of all its runs together */
export function endedState(state: LoadState, { complete, failures, changes, checkpoint }: StreamEnd): LoadState {
  const unfinished = failures.some(({ item_type }) => state.types[item_type]?.done !== true);
  return { ...state, checkpoint, end: { complete, failures, changes, unfinished } };
}
