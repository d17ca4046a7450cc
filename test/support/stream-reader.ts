import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { eventually } from './eventually.ts';
import type { Browser } from './http-browser.ts';

export const NDJSON = 'application/x-ndjson';

const ITEM = '{"item":';

/** A line that says how far an item type is, and when it came (`performance.now()`). */
export interface ProgressLine {
  readonly item_type: string;
  readonly loaded: number;
  readonly pages: number;
  readonly total: number | null;
  readonly waits: number;
  readonly waiting_in: number | null;
  readonly done: boolean;
  readonly at: number;
}

export interface EndLine {
  readonly loaded: number;
  readonly complete: boolean;
  readonly failures: readonly { readonly item_type: string; readonly error: string; readonly message: string }[];
  readonly checkpoint: string;
}

/** Where a stream is asked for, and how that is signed. */
export interface StreamCaller {
  readonly url: string;
  readonly sign: (path: string, body: string) => Promise<Record<string, string>>;
}

export function asCaller(url: string, browser: Browser): StreamCaller {
  return { url, sign: (path, body) => browser.signature('POST', path, body) };
}

export interface StreamWish {
  readonly integration: string;
  readonly body: Record<string, unknown>;
  /** null: none at all. */
  readonly accept?: string | null;
  /** Items are counted alone, not looked at: for those that are many. */
  readonly countsOnly?: boolean;
}

interface Line {
  readonly item?: { readonly id: string; readonly type: string };
  readonly progress?: Omit<ProgressLine, 'at'>;
  readonly checkpoint?: string;
  readonly end?: EndLine;
}

/** A stream of items as a client reads it: at its own pace, line by line, until it ends or is cut. */
export class StreamReader {
  /** `type id`, as they came. */
  readonly items: string[] = [];
  readonly progress: ProgressLine[] = [];
  count = 0;
  /** When the last item came (`performance.now()`), and the longest that none did. */
  stalledAt = performance.now();
  longestPauseMs = 0;
  /** The last that was told, and how many items came before it. */
  checkpoint: string | undefined;
  itemsAtCheckpoint = 0;
  end: EndLine | undefined;
  endedAt: number | undefined;
  /** Whether the connection broke before the answer was whole. */
  wasCut = false;
  readonly openedAt = performance.now();
  readonly closed: Promise<void>;
  readonly #response: IncomingMessage;
  readonly #countsOnly: boolean;
  #isOver = false;
  readonly #arrivals: Arrivals;
  #rest = '';
  /** Of an answer that is no stream. */
  text = '';

  private constructor(response: IncomingMessage, arrivals: Arrivals, countsOnly: boolean) {
    this.#response = response;
    this.#arrivals = arrivals;
    this.#countsOnly = countsOnly;
    const isStream = response.headers['content-type']?.startsWith(NDJSON) === true;
    response.setEncoding('utf8');
    response.on('data', (text: string) => (isStream ? this.#read(text) : (this.text += text)));
    response.on('error', () => (this.wasCut = true));
    this.closed = new Promise((resolve) => {
      response.once('close', () => {
        this.#isOver = true;
        this.wasCut ||= !response.complete;
        resolve();
      });
    });
  }

  /** Resolves with the head of the answer, whatever its status. */
  static async open(caller: StreamCaller, wish: StreamWish): Promise<StreamReader> {
    const path = `/integrations/${wish.integration}/load`;
    const body = JSON.stringify(wish.body);
    const { accept = NDJSON } = wish;
    const headers = { ...(await caller.sign(path, body)), ...(accept === null ? {} : { accept }) };
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, caller.url), { method: 'POST', headers, agent: false });
      const arrivals = new Arrivals();
      asked.on('socket', (socket) => socket.on('data', (bytes: Buffer) => arrivals.take(bytes)));
      asked.on('response', (response) => resolve(new StreamReader(response, arrivals, wish.countsOnly === true)));
      asked.on('error', reject);
      asked.end(body);
    });
  }

  get status(): number {
    return this.#response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.#response.headers;
  }

  /** Items whose beginning was on the connection: when that breaks, some never get through Node's own buffers. */
  get itemsArrived(): number {
    return this.#arrivals.items;
  }

  get error(): unknown {
    return this.text === '' ? undefined : (JSON.parse(this.text) as Record<string, unknown>)['error'];
  }

  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  hangUp(): void {
    this.#response.destroy();
  }

  /** Resolves once so many items are here. Fails when the stream is over before. */
  async reads(count: number): Promise<void> {
    await eventually(
      () => this.count,
      (now) => now >= count || this.#isOver,
    );
    if (this.count < count) throw new Error(`Over after ${this.count} items: ${this.text}${JSON.stringify(this.end)}`);
  }

  /** Resolves once a wait is told. */
  async stalls(): Promise<void> {
    await eventually(
      () => this.progress.at(-1)?.waiting_in ?? null,
      (waiting) => waiting !== null,
    );
  }

  /** The last line. Fails when the stream is cut before it. */
  async ends(): Promise<EndLine> {
    await this.closed;
    if (this.end === undefined) throw new Error(`The stream was cut after ${this.count} items.`);
    return this.end;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(text: string): void {
    if (this.end !== undefined) throw new Error('A line came after the last.');
    if (this.#countsOnly && text.startsWith(ITEM)) {
      this.count += 1;
      return;
    }
    const { item, progress, checkpoint, end } = JSON.parse(text) as Line;
    const at = performance.now();
    if (item !== undefined) {
      this.longestPauseMs = Math.max(this.longestPauseMs, at - this.stalledAt);
      this.stalledAt = at;
      this.count += 1;
      this.items.push(`${item.type} ${item.id}`);
    }
    if (progress !== undefined) this.progress.push({ ...progress, at });
    if (checkpoint !== undefined) {
      this.checkpoint = checkpoint;
      this.itemsAtCheckpoint = this.count;
    }
    if (end !== undefined) {
      this.end = end;
      this.endedAt = at;
    }
  }
}

/** Counts on the connection itself. */
class Arrivals {
  items = 0;
  #tail = '';

  take(bytes: Buffer): void {
    const text = this.#tail + bytes.toString('latin1');
    this.items += text.split(ITEM).length - 1;
    this.#tail = text.slice(1 - ITEM.length);
  }
}
