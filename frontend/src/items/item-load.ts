import type { ApiFailure } from '../api/api-failure.ts';
import type { Connection, ItemTypeFailure } from '../api/types.ts';
import type { Owner } from '../owner/owner.ts';
import type { ItemCollection } from './item-collection.ts';

export type WaitReason =
  /** Our own request limit is used up. */
  | 'limit'
  /** Patchbay can't be reached, or the stream was cut. */
  | 'connection'
  /** Patchbay answers that it is busy, restarting or out of its store. */
  | 'service';

export type LoadPhase =
  | { name: 'loading' }
  /** Goes on by itself. */
  | { name: 'waiting'; why: WaitReason; untilMs: number; failure: ApiFailure }
  | { name: 'stopped' }
  | { name: 'done' }
  | { name: 'failed'; failure: ApiFailure };

/** How far one item type is. */
export interface TypeProgress {
  itemType: string;
  loaded: number;
  /** How many there are, where the provider tells. */
  total: number | null;
  /** How often the provider made us wait. */
  waits: number;
  /** When it goes on; null when it isn't waiting for the provider. */
  waitingUntilMs: number | null;
  done: boolean;
}

/** What is shown in place of what the provider doesn't give now. */
export interface EarlierLoad {
  asOf: string;
  /** Why it is shown. */
  failure: ApiFailure | null;
}

/** A load as it stood at one moment. */
export interface ItemLoad {
  owner: Owner;
  connection: Connection;
  /** Null: the integration's default ones. */
  itemTypes: readonly string[] | null;
  /** Grows in place; `count` and `revision` are how much of it this snapshot means. */
  collection: ItemCollection;
  count: number;
  revision: number;
  types: readonly TypeProgress[];
  failures: readonly ItemTypeFailure[];
  /** Whether everything was had that was asked for, as far as that is known. */
  complete: boolean;
  earlier: EarlierLoad | null;
  /** Why the provider makes us wait, where that is known. */
  trouble: ApiFailure | null;
  /** Of the stream that was read last. */
  requestId: string | undefined;
  /** For how long it was at it before it stopped last, and since when it is at it now. */
  ranMs: number;
  runningSinceMs: number | null;
  phase: LoadPhase;
}

/** Whether it is still at it. */
export function isRunning({ phase }: Pick<ItemLoad, 'phase'>): boolean {
  return phase.name === 'loading' || phase.name === 'waiting';
}
