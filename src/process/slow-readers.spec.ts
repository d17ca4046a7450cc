import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { SlowReaders } from './slow-readers.ts';

/** More than a kernel takes ahead of its reader. */
const CHUNK = Buffer.alloc(64 * 1024, 'a');
const CHUNKS = 1_024;

let server: Server;
let client: Socket;
let response: ServerResponse;
let readers: SlowReaders;

/** A client that asks and doesn't read, and the answer on its way to it. */
async function ask(answer: (response: ServerResponse) => void): Promise<void> {
  readers = new SlowReaders();
  server = createServer((_request, asked) => {
    response = asked;
    readers.watch(response);
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(server, 'request');
}

const whole = (to: ServerResponse) => void to.end(Buffer.alloc(CHUNK.length * CHUNKS));
const inPieces = (to: ServerResponse) => void Readable.from(Array.from({ length: CHUNKS }, () => CHUNK)).pipe(to);
const accepted = () => (response.socket?.bytesWritten ?? 0) - (response.socket?.writableLength ?? 0);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

/** Until the kernel takes no more: for a while nothing has moved. */
async function standingStill(): Promise<void> {
  let last = -1;
  let since = 0;
  await until(() => {
    if (accepted() !== last) since = performance.now();
    last = accepted();
    return response.writableLength > 0 && performance.now() - since > 100;
  });
}

/** Looks at these seconds, and says which were survived. */
function aliveAfter(...seconds: number[]): boolean[] {
  return seconds.map((second) => {
    readers.look(second * 1_000);
    return response.socket !== null && !response.socket.destroyed;
  });
}

async function readSome(): Promise<void> {
  const before = accepted();
  client.resume();
  await until(() => accepted() > before);
  client.pause();
  await standingStill();
}

afterEach(async () => {
  client.destroy();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

describe('Who asks and doesn’t read', () => {
  it('is cut off 15 s after the answer was given whole, with all that waits for him', async () => {
    await ask(whole);
    const gone = once(response, 'close');
    expect(aliveAfter(0, 14)).toEqual([true, true]);
    readers.look(15_000);
    await gone;
    expect([readers.cut, response.writableFinished]).toEqual([1, false]);
  });

  it('is cut off 15 s after he took the last piece', async () => {
    await ask(inPieces);
    await standingStill();
    expect(aliveAfter(0, 14)).toEqual([true, true]);
    await readSome();
    expect(aliveAfter(16, 30, 31)).toEqual([true, true, false]);
  });

  it('gains nothing by taking a whole answer in pieces', async () => {
    await ask((to) => {
      to.write(Buffer.alloc(CHUNK.length * CHUNKS));
      setImmediate(() => whole(to));
    });
    await standingStill();
    expect(aliveAfter(0)).toEqual([true]);
    await readSome();
    expect(aliveAfter(14, 15)).toEqual([true, false]);
  });

  it('is given half an hour where he reads a stream as it comes', async () => {
    await ask((to) => inPieces(to.setHeader('Content-Type', 'application/x-ndjson; charset=utf-8')));
    await standingStill();
    expect(aliveAfter(0, 29 * 60, 30 * 60)).toEqual([true, true, false]);
  });

  it('is given five seconds of a stream once the process ends, however long he has stood still, and no less', async () => {
    await ask((to) => inPieces(to.setHeader('Content-Type', 'application/x-ndjson; charset=utf-8')));
    await standingStill();
    expect(aliveAfter(0, 60)).toEqual([true, true]);
    readers.end(100_000);
    expect(aliveAfter(104, 105)).toEqual([true, false]);
  });
});

describe('Who waits for an answer', () => {
  it('is not cut off, however long that takes, nor while he reads', async () => {
    await ask((to) => void to.writeHead(200).write('begun'));
    await until(() => accepted() > 0 && response.writableLength === 0);
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
