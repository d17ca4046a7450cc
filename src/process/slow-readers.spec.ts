import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Duplex, Readable } from 'node:stream';
import { until } from '../errors/fixtures/until.ts';
import { SlowReaders } from './slow-readers.ts';

/** More than a kernel takes ahead of its reader. */
const MANY_BYTES = 64 * 1024 * 1024;

let server: Server;
let client: Socket | FakeConnection;
let response: ServerResponse;
let readers: SlowReaders;

/** The server's end of a connection whose client reads one piece at a time, when told to. */
class FakeConnection extends Duplex {
  /** Of the pieces that were read. */
  #bytesRead = 0;
  #pending: { readonly length: number; readonly read: () => void } | undefined;

  get bytesWritten(): number {
    return this.#bytesRead + this.writableLength;
  }

  readPiece(): void {
    const { length, read } = this.#pending ?? { length: 0, read: () => undefined };
    this.#bytesRead += length;
    read();
  }

  resetAndDestroy(): void {
    this.destroy();
  }

  override _read(): void {
    // Requests are pushed.
  }

  override _write(piece: Buffer, _encoding: string, read: () => void): void {
    this.#pending = { length: piece.length, read };
  }
}

function serve(answer: (response: ServerResponse) => void): void {
  readers = new SlowReaders();
  server = createServer((_request, asked) => {
    response = asked;
    readers.watch(response);
    answer(response);
  });
}

/** A client that asks and doesn't read, and the answer on its way to it. */
async function ask(answer: (response: ServerResponse) => void): Promise<void> {
  serve(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(server, 'request');
}

/** The same over a connection of which a test says when a piece is read. @returns how to read one */
async function askPieceByPiece(answer: (response: ServerResponse) => void): Promise<() => void> {
  serve(answer);
  const connection = (client = new FakeConnection());
  server.emit('connection', connection);
  connection.push('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => connection.writableLength > 0);
  return () => connection.readPiece();
}

const whole = (to: ServerResponse) => void to.end(Buffer.alloc(1_000));
const inPieces = (to: ServerResponse) => void Readable.from(new Array<Buffer>(100).fill(Buffer.alloc(1_000))).pipe(to);
const asStream = (to: ServerResponse) => inPieces(to.setHeader('Content-Type', 'application/x-ndjson; charset=utf-8'));

/** Looks at these seconds, and says which were survived. */
function aliveAfter(...seconds: number[]): boolean[] {
  return seconds.map((second) => {
    readers.look(second * 1_000);
    return response.socket !== null && !response.socket.destroyed;
  });
}

afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
});

describe('Who asks and doesn’t read', () => {
  it('is cut off 15 s after the answer was given whole, with all that waits for him', async () => {
    await ask((to) => void to.end(Buffer.alloc(MANY_BYTES)));
    const gone = once(response, 'close');
    expect(aliveAfter(0, 14)).toEqual([true, true]);
    readers.look(15_000);
    await gone;
    expect([readers.cut, response.writableFinished]).toEqual([1, false]);
  });

  it('is cut off 15 s after he took the last piece', async () => {
    const read = await askPieceByPiece(inPieces);
    expect(aliveAfter(0, 14)).toEqual([true, true]);
    read();
    expect(aliveAfter(16, 30, 31)).toEqual([true, true, false]);
  });

  it('gains nothing by taking a whole answer in pieces', async () => {
    const read = await askPieceByPiece((to) => {
      to.write(Buffer.alloc(1_000));
      whole(to);
    });
    expect(aliveAfter(0)).toEqual([true]);
    read();
    expect(aliveAfter(14, 15)).toEqual([true, false]);
  });

  it('is given half an hour where he reads a stream as it comes', async () => {
    await askPieceByPiece(asStream);
    expect(aliveAfter(0, 29 * 60, 30 * 60)).toEqual([true, true, false]);
  });

  it('is given five seconds of a stream once the process ends, however long he has stood still, and no less', async () => {
    await askPieceByPiece(asStream);
    expect(aliveAfter(0, 60)).toEqual([true, true]);
    readers.end(100_000);
    expect(aliveAfter(104, 105)).toEqual([true, false]);
  });
});

describe('Who waits for an answer', () => {
  it('is not cut off, however long that takes, nor while he reads', async () => {
    await ask((to) => void to.writeHead(200).write('begun'));
    await until(() => response.headersSent && response.writableLength === 0);
    expect(aliveAfter(0, 3_600, 7_200)).toEqual([true, true, true]);
    const over = once(response, 'close');
    response.end();
    await over;
    readers.look(9_000_000);
    expect([readers.cut, response.writableFinished]).toEqual([0, true]);
  });

  it('is not cut off for an answer that stands behind another on the same connection', async () => {
    const answers: ServerResponse[] = [];
    await ask((to) => void answers.push(to));
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => answers.length === 2);
    answers[1]?.end('second');
    for (const second of [0, 60, 120]) readers.look(second * 1_000);
    expect(readers.cut).toBe(0);
    const over = once(response, 'close');
    answers[0]?.end('first');
    await over;
    expect(response.writableFinished).toBe(true);
  });
});
