import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from '../support/eventually.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';

/** Echoes what it is told. */
let server: Server;
let heard = '';
let proxy: FaultProxy;
let client: Socket;
let answered = '';

beforeEach(async () => {
  heard = answered = '';
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard += String(bytes);
      socket.write(bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startFaultProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  client = await dial();
  client.on('data', (bytes) => (answered += String(bytes)));
});
afterEach(async () => {
  client.destroy();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

async function dial(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Unlike `once`, an error on the way is none here. */
const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

const answer = (text: string) =>
  eventually(
    () => answered,
    (all) => all === text,
  );

/** Milliseconds until an echo is back. */
async function echoed(text: string): Promise<number> {
  const startedAt = performance.now();
  client.write(text);
  await answer(text);
  return performance.now() - startedAt;
}

describe('The fault proxy', () => {
  it('passes everything on when all is well', async () => {
    await echoed('x'.repeat(100_000));
    expect(heard).toHaveLength(100_000);
    expect(proxy.connections).toBe(1);
  });

  it.each([
    ['delays answers', { delayMs: 60 }, 'hello', 59],
    ['drips answers, byte by byte', { dripMs: 10 }, 'seven b', 59],
    ['lets through so much a second, either way', { bytesPerSecond: 100 }, 'x'.repeat(108), 75],
  ])('%s', async (_what, wire, text, leastMs) => {
    proxy.spoil(wire);
    expect(await echoed(text)).toBeGreaterThanOrEqual(leastMs);
  });

  it('stalls, and gives what it held back when it goes on', async () => {
    proxy.spoil({ stalled: true });
    client.write('held');
    proxy.spoil({ halfOpen: true });
    await eventually(
      () => heard,
      (all) => all === 'held',
    );
    expect(answered).toBe('');
    proxy.spoil({});
    await answer('held');
  });

  it('cuts what is open, and serves who comes after', async () => {
    const gone = closed(client);
    proxy.cut();
    await gone;
    const second = await dial();
    second.write('again');
    expect(String((await once(second, 'data'))[0])).toBe('again');
    second.destroy();
  });

  it('refuses everybody until it is told otherwise', async () => {
    proxy.refuse();
    const refused = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    await closed(refused);
    proxy.spoil({});
    expect((await dial()).destroy().destroyed).toBe(true);
  });
});
