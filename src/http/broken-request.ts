import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long the sender has to take the answer and leave. */
const FAREWELL_MS = 1_000;

/** What can't even be parsed as HTTP never reaches the application. It gets the same envelope, written by hand. */
export function answerBrokenRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    // RFC 6585 §5.
    const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
    const message = tooLarge ? 'The request headers are too large.' : 'This is not a well-formed HTTP request.';
    const id = randomUUID();
    const body = JSON.stringify({ error: 'invalid_request', message, details: { request_id: id } });
    const head = [
      tooLarge ? 'HTTP/1.1 431 Request Header Fields Too Large' : 'HTTP/1.1 400 Bad Request',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      `X-Request-Id: ${id}`,
      'Connection: close',
    ];
    // Ending says goodbye, but a sender who doesn't listen would keep the socket open for ever.
    const farewell = setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
    socket.once('close', () => clearTimeout(farewell));
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}
