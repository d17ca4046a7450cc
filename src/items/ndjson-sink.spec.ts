import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { until } from '../errors/fixtures/until.ts';
import { NdjsonSink } from './ndjson-sink.ts';

const LINES = `${'x'.repeat(65_535)}\n`;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Two ends of a connection. */
async function socketPair(): Promise<{ readonly writer: Socket; readonly reader: Socket }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const writer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(writer, 'connect');
  const [reader] = await accepted;
  writer.on('error', () => undefined);
  ends.push(() => {
    writer.destroy();
    reader.destroy();
    server.close();
  });
  return { writer, reader };
}

/** Far more than what the two ends of a connection hold between them when nobody reads. */
const MANY = 1_000;

/** Writes them all, each when there is room for it. */
function writingMany(sink: NdjsonSink): { readonly written: () => number; readonly done: Promise<void> } {
  let written = 0;
  const write = async (): Promise<void> => {
    for (; written < MANY; written += 1) await sink.write(LINES);
  };
  return { written: () => written, done: write() };
}

describe('Lines', () => {
  it('are what was written, in order', async () => {
    const to = new PassThrough();
    const sink = new NdjsonSink(to);
    await sink.write('{"a":1}\n{"b":2}\n');
    await sink.write('{"c":3}\n');
    to.end();
    expect((await to.toArray()).join('')).toBe('{"a":1}\n{"b":2}\n{"c":3}\n');
  });

  it('begin once, before the first of them', async () => {
    const to = new PassThrough();
    const begun: number[] = [];
    const sink = new NdjsonSink(to, () => void begun.push(to.readableLength));
    expect(sink.hasBegun).toBe(false);
    await sink.write('{}\n');
    expect(sink.hasBegun).toBe(true);
    await sink.write('{}\n');
    expect(begun).toEqual([0]);
  });

  it('are written as fast as they are read, and no faster', async () => {
    const to = new PassThrough({ highWaterMark: 10 });
    const sink = new NdjsonSink(to);
    let hasRoom = false;
    const written = sink.write('0123456789\n').then(() => (hasRoom = true));
    await turn();
    expect([sink.isBehind, hasRoom]).toEqual([true, false]);
    to.read();
    await written;
    expect(sink.isBehind).toBe(false);
  });

  // With room for a page and a bit, two whole pages waited in memory beside the one that was loaded ahead.
  it('are waited for until they are on their way, though there be room for more', async () => {
    const onTheirWay: (() => void)[] = [];
    const write = (_lines: unknown, _encoding: unknown, taken: () => void): void => void onTheirWay.push(taken);
    const sink = new NdjsonSink(new Writable({ highWaterMark: 1_000, write }));
    let hasRoom = false;
    const written = sink.write('{}\n').then(() => (hasRoom = true));
    await turn();
    expect([sink.isBehind, hasRoom]).toEqual([false, false]);
    onTheirWay[0]?.();
    await written;
  });

  it('wait for a reader at the other end of a connection, with no more in memory than it can hold', async () => {
    const { writer, reader } = await socketPair();
    const sink = new NdjsonSink(writer);
    const { written, done } = writingMany(sink);
    let read = 0;
    let mostHeld = 0;
    let writtenUnread: number | undefined;
    reader.on('data', (chunk: Buffer) => {
      writtenUnread ??= written();
      mostHeld = Math.max(mostHeld, writer.writableLength);
      read += chunk.length;
    });
    reader.pause();
    await until(() => sink.isBehind);
    reader.resume();
    await done;
    await until(() => read === MANY * LINES.length);
    expect(mostHeld).toBeLessThanOrEqual(2 * LINES.length);
    expect(writtenUnread).toBeLessThan(MANY / 2);
  });

  it('leave no listener behind, however many waits there were', async () => {
    const to = new PassThrough({ highWaterMark: 1 });
    const before = to.eventNames().map((name) => [name, to.listenerCount(name)]);
    const sink = new NdjsonSink(to);
    for (let n = 0; n < 50; n += 1) {
      const written = sink.write('{}\n');
      to.read();
      await written;
    }
    expect(to.eventNames().map((name) => [name, to.listenerCount(name)])).toEqual(before);
  });
});

describe('A reader of lines who goes away', () => {
  it('lets go of whoever waits to write', async () => {
    const { writer, reader } = await socketPair();
    const sink = new NdjsonSink(writer);
    const { written, done } = writingMany(sink);
    await until(() => sink.isBehind);
    const before = written();
    reader.destroy();
    await done;
    expect([before < MANY / 2, sink.isClosed]).toEqual([true, true]);
  });

  it('is written nothing more, and that is no error', async () => {
    const to = new PassThrough();
    const sink = new NdjsonSink(to);
    to.destroy();
    await sink.write('{}\n');
    expect([sink.isClosed, to.readableLength]).toEqual([true, 0]);
  });

  it('breaks nothing when its connection ends in an error', async () => {
    const to = new PassThrough({ highWaterMark: 1 });
    const sink = new NdjsonSink(to);
    const written = sink.write('{}\n');
    to.destroy(new Error('reset'));
    to.once('error', () => undefined);
    await written;
    expect(sink.isClosed).toBe(true);
  });

  it('keeps nobody who is told to end from ending', async () => {
    const sink = new NdjsonSink(new PassThrough({ highWaterMark: 1 }));
    const end = new AbortController();
    const written = sink.write('{}\n', end.signal);
    end.abort();
    await written;
    await sink.write('{}\n', end.signal);
    expect([sink.isBehind, sink.isClosed]).toEqual([true, false]);
  });
});
