import type { TypeProgress } from '../items/load-progress.ts';
import type { LoadedType } from './load-state.ts';

const BAR_WIDTH = 20;

/** What a load has brought, and how that is said while it goes on. */
export class LoadCount {
  readonly #displayName: string;
  readonly #itemTypes: readonly string[];
  readonly #before: Readonly<Record<string, LoadedType>>;
  readonly #progress = new Map<string, TypeProgress>();
  readonly #now: () => number;
  readonly #since: number;

  /** @param before what earlier runs of the same load have brought. @param now milliseconds that never go back */
  constructor(
    load: { displayName: string; itemTypes: readonly string[]; before: Readonly<Record<string, LoadedType>> },
    now: () => number = () => performance.now(),
  ) {
    this.#displayName = load.displayName;
    this.#itemTypes = load.itemTypes;
    this.#before = load.before;
    this.#now = now;
    this.#since = now();
  }

  note(progress: TypeProgress): void {
    this.#progress.set(progress.item_type, progress);
  }

  get types(): Record<string, LoadedType> {
    return Object.fromEntries(
      this.#itemTypes.map((type) => {
        const { loaded, done } = this.#progress.get(type) ?? { loaded: 0, done: false };
        const before = this.#before[type];
        return [type, { loaded: loaded + (before?.loaded ?? 0), done: done || before?.done === true }];
      }),
    );
  }

  /** In all runs. */
  get loaded(): number {
    return sum(Object.values(this.types).map(({ loaded }) => loaded));
  }

  get pages(): number {
    return sum([...this.#progress.values()].map(({ pages }) => pages));
  }

  get elapsed(): string {
    const seconds = Math.floor((this.#now() - this.#since) / 1000);
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const shown = parts[0] === 0 ? parts.slice(1) : parts;
    return shown.map((part, at) => (at === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
  }

  /** @param withBar for who is watching */
  line(withBar: boolean): string {
    const { loaded, pages } = this;
    const total = this.#total();
    const share = total === undefined ? undefined : Math.min(1, loaded / Math.max(1, total));
    const bar = share === undefined || !withBar ? '' : `[${'#'.repeat(share * BAR_WIDTH).padEnd(BAR_WIDTH, '.')}] `;
    const percent = share === undefined ? '' : ` (${Math.floor(share * 100)} %)`;
    const of = total === undefined ? '' : ` of ${number(Math.max(loaded, total))}`;
    return `${bar}${number(loaded)}${of} items${percent}, ${amount(pages, 'page')}, ${this.elapsed}${this.#waits()}`;
  }

  /** Known once the provider has told it of every type. */
  #total(): number | undefined {
    const totals = this.#itemTypes.map((type) => this.#progress.get(type)?.total ?? undefined);
    return totals.some((total) => total === undefined) ? undefined : sum(totals.map((total) => total ?? 0));
  }

  #waits(): string {
    const waiting = [...this.#progress.values()].flatMap(({ done, waiting_in }) => (done ? [] : (waiting_in ?? [])));
    return waiting.length === 0 ? '' : `. ${this.#displayName} has us wait ${Math.max(...waiting)} s`;
  }
}

/** "1 item", "2,000 items". */
export function amount(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
