import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { answerBrokenRequests } from './broken-request.ts';

it('answers what is no HTTP, and shows out a sender who doesn’t leave by himself', async () => {
  const server = createServer();
  answerBrokenRequests(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as AddressInfo;
  const sender = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  sender.on('error', () => undefined);
  const answer = once(sender, 'data') as Promise<[Buffer]>;
  sender.write('HELLO\r\n\r\n');
  const [socket] = await accepted;
  const gone = once(socket, 'close');
  expect((await answer)[0].toString()).toMatch(/^HTTP\/1\.1 400 /);
  await gone;
  sender.destroy();
  server.close();
  await once(server, 'close');
});
