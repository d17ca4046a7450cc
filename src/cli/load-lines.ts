import { Writable } from 'node:stream';
import type { TypeProgress } from '../items/load-progress.ts';
import type { StreamEnd } from '../items/streamed-load.ts';

/** Who is told what a stream's lines say, in their order, each when the one before is done with. */
export interface LinesReader {
  /** @param lines one item each, as it is, without what the wire puts around it */
  items(lines: string): Promise<void>;
  progress(progress: TypeProgress): void;
  checkpoint(checkpoint: string): Promise<void>;
  end(end: StreamEnd): Promise<void>;
}

interface OtherLine {
  readonly progress?: TypeProgress;
  readonly checkpoint?: string;
  readonly end?: StreamEnd;
}

const BEFORE_ITEM = '{"item":';
const AFTER_ITEM = '}';

/** Where a stream of the wire's lines can be written to, to be read here. It closes once the reader is done with the last. */
export function linesTo(reader: LinesReader): Writable {
  let reading: Promise<void> = Promise.resolve();
  return new Writable({
    decodeStrings: false,
    write: (lines: string, _encoding, done) => {
      reading = read(lines, reader);
      reading.then(() => done(), done);
    },
    destroy: (error, done) => {
      reading.then(
        () => done(error),
        () => done(error),
      );
    },
  });
}

async function read(lines: string, reader: LinesReader): Promise<void> {
  let items = '';
  for (const line of lines.split('\n')) {
    if (line.startsWith(BEFORE_ITEM)) {
      items += `${line.slice(BEFORE_ITEM.length, -AFTER_ITEM.length)}\n`;
      continue;
    }
    if (items !== '') await reader.items(items);
    items = '';
    if (line !== '') await tell(JSON.parse(line) as OtherLine, reader);
  }
}

async function tell({ progress, checkpoint, end }: OtherLine, reader: LinesReader): Promise<void> {
  if (progress !== undefined) reader.progress(progress);
  if (checkpoint !== undefined) await reader.checkpoint(checkpoint);
  if (end !== undefined) await reader.end(end);
}
