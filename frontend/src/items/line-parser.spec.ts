import { describe, expect, it } from '@jest/globals';
import type { StreamLine } from '../api/types.ts';
import { LineParser } from './line-parser.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const LINES = [
  { item: { name: 'Grüße 🎉 – 日本語' } },
  { progress: { item_type: 'page', loaded: 1 } },
  { checkpoint: 'k1' },
  { end: { loaded: 1, complete: true, failures: [], checkpoint: 'k2', changes: [] } },
] as unknown as StreamLine[];
const TEXT = LINES.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('the lines of a stream', () => {
  it('are the same wherever its chunks are cut, in the middle of a character too', () => {
    const whole = bytes(TEXT);
    for (let length = 1; length <= whole.length; length += 1) {
      const parser = new LineParser();
      const lines: StreamLine[] = [];
      for (let from = 0; from < whole.length; from += length) {
        lines.push(...parser.push(whole.subarray(from, from + length)));
      }
      parser.finish();
      expect(lines).toEqual(LINES);
    }
  });

  it('are given out as soon as they are complete', () => {
    const parser = new LineParser();
    expect(parser.push(bytes('{"checkpoint":"a"}\n{"check'))).toEqual([{ checkpoint: 'a' }]);
    expect(parser.push(bytes('point":"b"}\n\n'))).toEqual([{ checkpoint: 'b' }]);
  });

  it.each(['', '{"item":{}}\n', '{"item":{}}\n{"end":{"lo'])('were cut when %j is all there is', (text) => {
    const parser = new LineParser();
    parser.push(bytes(text));
    expect(() => parser.finish()).toThrow(expect.objectContaining({ code: 'stream_cut', status: 0 }));
  });

  it.each(['<h1>Bad gateway</h1>\n', '{"item":\n', 'null\n', '7\n'])('cannot be read as %j', (text) => {
    expect(() => new LineParser().push(bytes(text))).toThrow(expect.objectContaining({ code: 'unreadable_answer' }));
  });

  it('that never end are not gathered for ever', () => {
    const parser = new LineParser();
    const megabytes = bytes('x'.repeat(3 * 1024 * 1024));
    parser.push(megabytes);
    parser.push(megabytes);
    expect(() => parser.push(megabytes)).toThrow(expect.objectContaining({ code: 'unreadable_answer' }));
  });
});
