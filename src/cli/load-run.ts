import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import type { IntegrationService, StreamOptions } from '../integrations/integration.service.ts';
import type { TypeProgress } from '../items/load-progress.ts';
import { NdjsonSink } from '../items/ndjson-sink.ts';
import type { StreamEnd } from '../items/streamed-load.ts';
import type { Terminal } from './command.ts';
import { Interruption } from './interruption.ts';
import type { ItemsFile } from './items-file.ts';
import { linesTo, type LinesReader } from './load-lines.ts';
import { amount, LoadCount } from './load-progress-line.ts';
import { endedState, type LoadEnd, type LoadState } from './load-state.ts';
import { Progress } from './progress.ts';

/** How a run came to its end. `told`: what it has brought, in words. */
export type RunEnd =
  | {
      readonly kind: 'ended';
      readonly end: LoadEnd;
      readonly checkpoint: string;
      readonly loaded: number;
      readonly told: string;
    }
  | { readonly kind: 'interrupted'; readonly exitCode: number; readonly told: string }
  | { readonly kind: 'nobody-reads' };

/** One run of a load: reads the stream as a caller does, and puts its items where they are wanted. */
export class LoadRun implements LinesReader {
  readonly #service: IntegrationService;
  readonly #terminal: Terminal;
  readonly #file: ItemsFile | undefined;
  readonly #progress: Progress;
  readonly #count: LoadCount;
  readonly #lines: Writable = linesTo(this);
  #state: LoadState;
  #hasBegun = false;
  #isUnread = false;
  #ended: StreamEnd | undefined;

  /** @param file absent: standard output */
  constructor(service: IntegrationService, state: LoadState, terminal: Terminal, file: ItemsFile | undefined) {
    this.#service = service;
    this.#state = state;
    this.#terminal = terminal;
    this.#file = file;
    this.#progress = new Progress(terminal);
    this.#count = new LoadCount({
      displayName: service.descriptor.displayName,
      itemTypes: state.wanted.item_types,
      before: state.types,
    });
  }

  /** @throws PatchbayError what kept the load from beginning. @throws CommandFailure when the file can't be written */
  async run(): Promise<RunEnd> {
    const enough = new AbortController();
    // When the disk is full or nobody reads any more, nothing more is asked for. What went wrong is thrown below.
    const closed = finished(this.#lines)
      .catch(() => undefined)
      .finally(() => enough.abort());
    const interruption = new Interruption(() => this.#lines.destroy());
    try {
      await this.#service.stream(this.#options(enough.signal), new NdjsonSink(this.#lines));
      this.#lines.end();
      await finished(this.#lines);
    } catch (error) {
      if (interruption.exitCode === undefined && !this.#isUnread) throw error;
    } finally {
      interruption.release();
      this.#lines.destroy();
      await closed;
      this.#progress.end();
      await this.#file?.close();
    }
    return this.#outcome(interruption.exitCode);
  }

  async items(lines: string): Promise<void> {
    if (this.#file === undefined) return this.#pour(lines);
    await this.#begin();
    this.#pinConnection(lines);
    await this.#file.append(lines);
  }

  progress(progress: TypeProgress): void {
    this.#count.note(progress);
    this.#progress.tell(this.#count.line(this.#terminal.rewrite !== undefined));
  }

  async checkpoint(checkpoint: string): Promise<void> {
    await this.#keep({ ...this.#state, checkpoint, types: this.#count.types });
  }

  async end(end: StreamEnd): Promise<void> {
    this.#ended = end;
    await this.#keep(endedState({ ...this.#state, types: this.#count.types }, end));
  }

  async #keep(state: LoadState): Promise<void> {
    await this.#begin();
    this.#state = state;
    await this.#file?.keep(state);
  }

  /** Not before there is something to write: a load that never began leaves nothing. */
  async #begin(): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    await this.#file?.begin(this.#state);
  }

  async #pour(lines: string): Promise<void> {
    // They may come to the same screen.
    this.#progress.end();
    if (await this.#terminal.pour(lines)) return;
    this.#isUnread = true;
    this.#lines.destroy();
  }

  /** Another account may be connected before this load goes on. */
  #pinConnection(lines: string): void {
    const { wanted } = this.#state;
    if (wanted.connection_id !== undefined) return;
    const { connection_id } = JSON.parse(lines.slice(0, lines.indexOf('\n'))) as { connection_id: string };
    this.#state = { ...this.#state, wanted: { ...wanted, connection_id } };
  }

  #options(signal: AbortSignal): StreamOptions {
    const { wanted, checkpoint } = this.#state;
    const { user_id: userId, org_id: orgId, connection_id, item_types, modified_since } = wanted;
    return {
      owner: { userId, orgId },
      itemTypes: item_types,
      signal,
      ...(connection_id === undefined ? {} : { connectionId: connection_id }),
      ...(checkpoint === null ? {} : { checkpoint }),
      // A checkpoint says itself since when.
      ...(modified_since === undefined || checkpoint !== null ? {} : { modifiedSince: new Date(modified_since) }),
    };
  }

  #outcome(interrupted: number | undefined): RunEnd {
    const { loaded, pages, elapsed } = this.#count;
    const told = `${amount(loaded, 'item')} in ${amount(pages, 'page')} (${elapsed})`;
    const { end } = this.#state;
    if (this.#ended !== undefined && end !== null)
      return { kind: 'ended', end, checkpoint: this.#ended.checkpoint, loaded: this.#ended.loaded, told };
    if (this.#isUnread) return { kind: 'nobody-reads' };
    return { kind: 'interrupted', exitCode: interrupted ?? 1, told };
  }
}
