import { ApiFailure } from '../api/api-failure.ts';
import type { Connection, ItemPage, ItemTypeFailure, LoadProgress, StreamEnd, StreamLine } from '../api/types.ts';
import type { Owner } from '../owner/owner.ts';
import { ItemCollection } from './item-collection.ts';
import { isRunning, type EarlierLoad, type ItemLoad, type LoadPhase, type TypeProgress } from './item-load.ts';

type Told = Omit<TypeProgress, 'loaded'> & { waitsBefore: number };

export interface LoadOf {
  owner: Owner;
  connection: Connection;
  itemTypes: readonly string[] | null;
}

/** What one load's lines have said so far. It changes with every line; the page sees snapshots. */
export class LoadState {
  readonly of: LoadOf;
  #collection = new ItemCollection();
  /** From where a stream goes on. */
  #checkpoint: string | null = null;
  #failures: readonly ItemTypeFailure[] = [];
  #complete = true;
  #earlier: EarlierLoad | null = null;
  #trouble: ApiFailure | null = null;
  #requestId: string | undefined;
  #phase: LoadPhase = { name: 'loading' };
  #ranMs = 0;
  #runningSinceMs: number | null = null;
  readonly #types = new Map<string, Told>();

  constructor(of: LoadOf) {
    this.of = of;
    for (const itemType of of.itemTypes ?? []) this.#typeOf(itemType);
  }

  get checkpoint(): string | null {
    return this.#checkpoint;
  }

  get phase(): LoadPhase {
    return this.#phase;
  }

  /** Items of the provider's as it is now. */
  get freshCount(): number {
    return this.#earlier === null ? this.#collection.count : 0;
  }

  get isEarlier(): boolean {
    return this.#earlier !== null;
  }

  /** Whether the provider keeps us waiting, and not just for a moment. */
  get isHeldUp(): boolean {
    return [...this.#types.values()].some(({ waitingUntilMs, waits }) => waitingUntilMs !== null && waits > 1);
  }

  enter(phase: LoadPhase, nowMs: number): void {
    this.#phase = phase;
    if (isRunning({ phase })) this.#runningSinceMs ??= nowMs;
    else if (this.#runningSinceMs !== null) {
      this.#ranMs += nowMs - this.#runningSinceMs;
      this.#runningSinceMs = null;
    }
    if (phase.name !== 'loading') for (const told of this.#types.values()) told.waitingUntilMs = null;
  }

  /** A stream has begun; it counts from nothing. */
  begin(requestId: string | undefined): void {
    this.#requestId = requestId;
    this.#failures = [];
    this.#complete = true;
    for (const told of this.#types.values()) {
      told.waitsBefore = told.waits;
      // Of what is loaded anew from a checkpoint the rest alone is told.
      told.total = null;
    }
  }

  /** @returns whether it brought an item that wasn't there */
  take(line: StreamLine, nowMs: number): boolean {
    if (line.checkpoint !== undefined) this.#checkpoint = line.checkpoint;
    if (line.progress !== undefined) this.#progress(line.progress, nowMs);
    if (line.end !== undefined) this.#end(line.end);
    if (line.item === undefined) return false;
    if (this.#earlier !== null) this.#clear();
    this.#trouble = null;
    return this.#collection.add(line.item);
  }

  /** Items of an earlier load, until the provider gives its own. */
  showEarlier(page: ItemPage, failure: ApiFailure | null): void {
    if (this.freshCount > 0) return;
    if (this.#earlier === null) this.#clear();
    this.#earlier = { asOf: page.as_of, failure };
    for (const item of page.items) this.#collection.add(item);
    this.#failures = mergeFailures(this.#failures, page.failures);
    this.#complete &&= page.complete;
  }

  explainWaits(trouble: ApiFailure): void {
    this.#trouble = trouble;
  }

  /** What came of it when nothing did: the failure of everything there was to load. */
  get failureOfAll(): ApiFailure | null {
    const [first] = this.#failures;
    if (first === undefined || this.freshCount > 0 || this.#earlier !== null) return null;
    const failed = new Set(this.#failures.map((failure) => failure.item_type));
    if ([...this.#types.keys()].some((type) => !failed.has(type))) return null;
    const { error: code, message } = first;
    return new ApiFailure({ code, message, status: 200, requestId: this.#requestId });
  }

  failureWith(error: string): ItemTypeFailure | undefined {
    return this.#failures.find((failure) => failure.error === error);
  }

  snapshot(): ItemLoad {
    return {
      ...this.of,
      collection: this.#collection,
      count: this.#collection.count,
      revision: this.#collection.revision,
      types: this.#progressNow(),
      failures: this.#failures,
      complete: this.#complete,
      earlier: this.#earlier,
      trouble: this.#trouble,
      requestId: this.#requestId,
      ranMs: this.#ranMs,
      runningSinceMs: this.#runningSinceMs,
      phase: this.#phase,
    };
  }

  #progress({ item_type: itemType, total, waits, waiting_in: waitingIn, done }: LoadProgress, nowMs: number): void {
    const told = this.#typeOf(itemType);
    told.total = total;
    told.waits = told.waitsBefore + waits;
    told.waitingUntilMs = waitingIn === null ? null : nowMs + waitingIn * 1_000;
    told.done = done;
  }

  #end({ checkpoint, failures, complete }: StreamEnd): void {
    this.#checkpoint = checkpoint;
    if (this.#earlier !== null && complete) this.#clear();
    this.#failures = failures;
    this.#complete = complete;
  }

  #progressNow(): TypeProgress[] {
    return [...this.#types.values()].map(({ waitsBefore: _, ...told }) => ({
      ...told,
      loaded: this.#earlier === null ? this.#collection.countOf(told.itemType) : 0,
    }));
  }

  #typeOf(itemType: string): Told {
    const known = this.#types.get(itemType);
    if (known) return known;
    const made: Told = { itemType, total: null, waits: 0, waitsBefore: 0, waitingUntilMs: null, done: false };
    this.#types.set(itemType, made);
    return made;
  }

  #clear(): void {
    this.#collection = new ItemCollection();
    this.#earlier = null;
    this.#failures = [];
    this.#complete = true;
  }
}

function mergeFailures(known: readonly ItemTypeFailure[], added: readonly ItemTypeFailure[]): ItemTypeFailure[] {
  const isKnown = (failure: ItemTypeFailure): boolean =>
    known.some((other) => other.item_type === failure.item_type && other.error === failure.error);
  return [...known, ...added.filter((failure) => !isKnown(failure))];
}
