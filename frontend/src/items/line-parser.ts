import { ApiFailure } from '../api/api-failure.ts';
import type { StreamLine } from '../api/types.ts';
import { strings } from '../strings.ts';

/** No line is longer: whatever is, isn't ours. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;

/** Newline-delimited JSON from chunks that are cut anywhere, in the middle of a character too. */
export class LineParser {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #hasEnded = false;

  /**
   * @returns the lines that this chunk completes
   * @throws {ApiFailure} `unreadable_answer` for what isn't JSON
   */
  push(chunk: Uint8Array): StreamLine[] {
    const lines: StreamLine[] = [];
    const text = this.#rest + this.#decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let to = text.indexOf('\n', from); to !== -1; to = text.indexOf('\n', from)) {
      const line = text.slice(from, to);
      from = to + 1;
      if (line.trim() !== '') lines.push(this.#parse(line));
    }
    this.#rest = text.slice(from);
    if (this.#rest.length > MAX_LINE_LENGTH) throw unreadable();
    return lines;
  }

  /** Says that no more comes. @throws {ApiFailure} `stream_cut` when that isn't all */
  finish(): void {
    if (this.#hasEnded) return;
    throw new ApiFailure({ code: 'stream_cut', message: strings.load.cut, status: 0 });
  }

  #parse(line: string): StreamLine {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch (cause) {
      throw unreadable(cause);
    }
    if (typeof parsed !== 'object' || parsed === null) throw unreadable();
    if ('end' in parsed) this.#hasEnded = true;
    return parsed;
  }
}

function unreadable(cause?: unknown): ApiFailure {
  return new ApiFailure({ code: 'unreadable_answer', message: strings.failures.unreadable, status: 200, cause });
}
