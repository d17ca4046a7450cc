import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type NextFunction, type Request, type Response } from 'express';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { rawBodyOf, readRawBody } from './body.ts';

let server: Server;
let socket: Socket;

/** What a server that waits so long for a body answers, until it closes the connection. */
async function answerTo(text: string, timeoutMs: number): Promise<string> {
  const application = express();
  application.use(readRawBody(timeoutMs));
  application.use((request, response) => void response.set('Connection', 'close').end(rawBodyOf(request)));
  application.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    response.status(400).end(error instanceof PatchbayError ? error.message : 'another error');
  });
  server = application.listen(0, '127.0.0.1');
  await once(server, 'listening');
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

afterEach(async () => {
  socket.destroy();
  server.close();
  await once(server, 'close');
});

describe('A body that doesn’t come', () => {
  it.each(['GET', 'POST'])('ends its %s, and the connection', async (method) => {
    const answer = await answerTo(`${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf`, 20);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*The body did not arrive in time\.$/);
  });

  it('isn’t waited for where none is said to come, and one that comes is read', async () => {
    expect(await answerTo('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 60_000)).toMatch(/^HTTP\/1\.1 200 /);
    const posted = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nhalf';
    server.close();
    expect(await answerTo(posted, 60_000)).toMatch(/half$/);
  });
});
