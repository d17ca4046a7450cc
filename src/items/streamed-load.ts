import { Logger } from '@nestjs/common';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { LoadedItem } from './integration-item.ts';
import { ItemStream, type SourceOf, type StreamQuery } from './item-stream.ts';
import { LoadProgress } from './load-progress.ts';
import type { LoadFailure, LoadPosition } from './load-position.ts';
import type { NdjsonSink } from './ndjson-sink.ts';

const TELL_EVERY_MS = 1_000;

/** What a type's loads can see of changes, as the wire has it. */
export interface TypeChanges {
  readonly item_type: string;
  readonly found_by: 'provider' | 'patchbay' | 'nobody';
  readonly deletions: boolean;
}

/** The last line of a stream. */
export interface StreamEnd {
  readonly loaded: number;
  readonly complete: boolean;
  readonly failures: readonly LoadFailure[];
  /** Where to go on; after a whole load, with what changed since it began. */
  readonly checkpoint: string;
  readonly changes: readonly TypeChanges[];
}

export interface StreamPlan {
  readonly sourceOf: SourceOf;
  readonly query: StreamQuery;
  readonly from: LoadPosition;
  /** Each item's. */
  readonly integration: string;
  readonly connectionId: string;
  /** Told how many items are handed out, as they are. */
  readonly onItems?: (count: number) => void;
  /** A position as whoever reads may pass it. */
  readonly checkpoint: (position: LoadPosition) => string;
  /** The last one: where to go on, or where the next load begins. */
  readonly lastCheckpoint: (position: LoadPosition) => string;
  readonly changes: readonly TypeChanges[];
}

/** A load written as lines (newline-delimited JSON): items as they come, progress every second, and how it ended. */
export class StreamedLoad {
  readonly #log = new Logger(StreamedLoad.name);
  readonly #defects: LoadFailure[] = [];
  readonly #plan: StreamPlan;
  readonly #sink: NdjsonSink;
  readonly #progress: LoadProgress;
  readonly #stream: ItemStream;
  /** What goes after an item's own members. */
  readonly #origin: string;
  #toldAt: LoadPosition;
  /** Whether what was told last still waits to be read. */
  #isTelling = false;

  constructor(plan: StreamPlan, sink: NdjsonSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#toldAt = plan.from;
    this.#progress = new LoadProgress(plan.query.itemTypes);
    for (const [index, itemType] of plan.query.itemTypes.entries())
      if (plan.from.types[index]?.open.length === 0) this.#progress.done(itemType);
    const { integration, connectionId: connection_id } = plan;
    const origin: Pick<LoadedItem, 'integration' | 'connection_id'> = { integration, connection_id };
    this.#origin = `,${JSON.stringify(origin).slice(1)}}\n`;
    this.#stream = new ItemStream(plan.sourceOf, plan.query, plan.from, (itemType, waitMs) =>
      this.#progress.waits(itemType, waitMs),
    );
  }

  /**
   * @returns once the last line is written, or nobody reads any more
   * @throws PatchbayError before the first line, when nothing could be had
   */
  async run(): Promise<void> {
    // While a page is awaited or read nobody else would say anything.
    const ticker = setInterval(() => this.#tick(), TELL_EVERY_MS);
    try {
      for await (const { itemType, items, total, isLast } of this.#stream.pages()) {
        this.#progress.page(itemType, items.length, total);
        if (isLast) this.#progress.done(itemType);
        if (items.length === 0) continue;
        this.#plan.onItems?.(items.length);
        await this.#sink.write(this.#lines(items), this.#plan.query.signal);
      }
    } catch (error) {
      if (this.#sink.isClosed) return;
      if (!this.#sink.hasBegun) throw error;
      if (!(error instanceof PatchbayError)) this.#defect(error);
    } finally {
      clearInterval(ticker);
    }
    await this.#end();
  }

  /** Whoever reads must hear of it: a stream that just stopped would look whole. */
  #defect(error: unknown): void {
    this.#log.error(error);
    const { types } = this.#stream.position;
    for (const [index, item_type] of this.#plan.query.itemTypes.entries()) {
      const isOpen = (types[index]?.open.length ?? 0) > 0;
      if (isOpen)
        this.#defects.push({ item_type, error: 'internal_error', message: 'Something went wrong on our side.' });
    }
  }

  #lines(items: readonly object[]): string {
    let lines = '';
    for (const item of items) lines += `{"item":${JSON.stringify(item).slice(0, -1)}${this.#origin}`;
    // Line separators to some readers of lines, though not to JSON (RFC 8259 §7).
    return /[\u2028\u2029]/.test(lines) ? lines.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029') : lines;
  }

  #tick(): void {
    // Whoever is behind has enough to read.
    if (this.#sink.isBehind || this.#isTelling) return;
    const lines = this.#progress.news().map((progress) => `${JSON.stringify({ progress })}\n`);
    const { position } = this.#stream;
    const checkpoint = position === this.#toldAt ? undefined : fitting(() => this.#plan.checkpoint(position));
    if (checkpoint !== undefined) {
      this.#toldAt = position;
      lines.push(`${JSON.stringify({ checkpoint })}\n`);
    }
    if (lines.length === 0) return;
    this.#isTelling = true;
    void this.#sink.write(lines.join('')).then(() => {
      this.#isTelling = false;
    });
  }

  async #end(): Promise<void> {
    const { position } = this.#stream;
    const failures = [...this.#stream.failures, ...this.#defects];
    const end: StreamEnd = {
      loaded: this.#progress.loaded,
      complete: failures.length === 0,
      failures,
      // From the last that could be told, some items come again; from none, all would.
      checkpoint: fitting(() => this.#plan.lastCheckpoint(position)) ?? this.#plan.checkpoint(this.#toldAt),
      changes: this.#plan.changes,
    };
    const news = this.#progress.news().map((progress) => `${JSON.stringify({ progress })}\n`);
    await this.#sink.write(`${news.join('')}${JSON.stringify({ end })}\n`, this.#plan.query.signal);
  }
}

/** @returns undefined when the provider's positions are too long for a checkpoint: no reason for a load to end */
function fitting(write: () => string): string | undefined {
  try {
    return write();
  } catch (error) {
    if (error instanceof PatchbayError) return undefined;
    throw error;
  }
}
