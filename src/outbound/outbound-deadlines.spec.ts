import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  drip,
  hang,
  json,
  pour,
  raw,
  startProviderStub,
  type Answer,
  type ProviderStub,
} from './fixtures/provider-stub.ts';
import { SELF_SIGNED } from './fixtures/self-signed.ts';
import type { OutboundRequest } from './outbound-call.ts';
import { LIMITS, OutboundClient, type OutboundLimits } from './outbound-client.ts';
import { OutboundError } from './outbound-error.ts';

const MEGABYTE = 1024 * 1024;
const run = promisify(execFile);

let provider: ProviderStub;
let client: OutboundClient | undefined;

beforeEach(async () => {
  provider = await startProviderStub();
});

afterEach(async () => {
  await client?.close();
  await provider.close();
});

function request(changes: Partial<OutboundRequest> = {}): OutboundRequest {
  return { integration: 'acme', endpoint: 'api', method: 'GET', url: new URL('/x', provider.url), ...changes };
}

/** What a call fails with under these limits. */
async function failure(
  limits: Partial<OutboundLimits>,
  changes: Partial<OutboundRequest> = {},
): Promise<OutboundError> {
  client = new OutboundClient({ limits, random: () => 0 });
  const error = await client.call(request(changes)).then(
    () => new Error('The call succeeded.'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
}

/** Answers like that, and keeps the answers to see what became of them. */
function watched(answer: Answer): readonly ServerResponse[] {
  const responses: ServerResponse[] = [];
  provider.answer = (response, received) => {
    responses.push(response);
    answer(response, received);
  };
  return responses;
}

async function closed(response: ServerResponse | undefined): Promise<void> {
  if (response?.closed !== true) await new Promise((resolve) => response?.once('close', resolve));
}

async function listening(server: Server): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
}

describe('a provider that takes its time', () => {
  it('has these deadlines, unless a test has no time for them', () => {
    expect(LIMITS).toMatchObject({
      connectTimeoutMs: 2_000,
      headersTimeoutMs: 5_000,
      attemptTimeoutMs: 10_000,
      callTimeoutMs: 25_000,
      maxBodyBytes: 10 * MEGABYTE,
    });
  });

  it('is given up when it accepts a connection and then never secures it: nothing was sent', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).resume());
    const url = await listening(server);
    const error = await failure({ connectTimeoutMs: 40 }, { url, repeatable: 'never' });
    expect(error).toMatchObject({ code: 'provider_timeout', phase: 'not-sent', ailment: 'timeout' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('is given up when no headers come, and sees us go', async () => {
    const responses = watched(hang);
    const error = await failure({ headersTimeoutMs: 40 }, { repeatable: 'never' });
    expect(error).toMatchObject({ code: 'provider_timeout', phase: 'sent', ailment: 'timeout' });
    await closed(responses[0]);
  });

  it('is given up when its body drips for ever, though never idle for long', async () => {
    const responses = watched(drip(5));
    const error = await failure({ attemptTimeoutMs: 100, headersTimeoutMs: 90 }, { repeatable: 'never' });
    expect(error).toMatchObject({ code: 'provider_timeout', phase: 'sent', ailment: 'timeout' });
    await closed(responses[0]);
  });

  it('is not called ill for not answering in less time than headers may take', async () => {
    provider.answer = hang;
    const error = await failure({ attemptTimeoutMs: 40 }, { repeatable: 'never' });
    expect(error).toMatchObject({ code: 'provider_timeout', ailment: undefined });
  });

  it('gets no attempt more than the whole call has time for', async () => {
    provider.answer = hang;
    await failure({ attemptTimeoutMs: 40, callTimeoutMs: 1_030 });
    expect(provider.requests).toHaveLength(1);
  });

  it('has no longer than the call, however long an attempt may take', async () => {
    provider.answer = hang;
    expect(await failure({ callTimeoutMs: 40 })).toMatchObject({ code: 'provider_timeout' });
  });

  it('leaves nothing behind on the signal of a caller that makes many calls', async () => {
    const { signal } = new AbortController();
    client = new OutboundClient();
    for (let call = 0; call < 20; call += 1) await client.call(request({ signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a thousand calls that hang', () => {
  it('leave no socket and no listener behind', async () => {
    provider.answer = hang;
    const { signal } = new AbortController();
    const hanging = (client = new OutboundClient({ limits: { attemptTimeoutMs: 15_000 } }));
    const hung = (): Promise<unknown> =>
      hanging.call(request({ signal, repeatable: 'never', attemptTimeoutMs: 25 })).catch((error: unknown) => error);
    for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 50 }, hung));
    while ((await provider.sockets()) > 0) await new Promise(setImmediate);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(provider.requests.length).toBeGreaterThan(0);
  });
});

describe('a line before a provider', () => {
  it('lets no more calls through at a time than there are connections, in their order', async () => {
    const responses = watched(hang);
    const crowded = (client = new OutboundClient({ limits: { connections: 2 } }));
    const calls = [1, 2, 3, 4, 5].map((n) => crowded.call(request({ url: new URL(`/${n}`, provider.url) })));
    for (let answered = 0; answered < 5; answered += 1) {
      while (responses.length <= answered) await new Promise(setImmediate);
      expect(provider.requests.length).toBeLessThanOrEqual(answered + 2);
      responses[answered]?.end('{}');
    }
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const order = provider.requests.map(({ url }) => url.pathname);
    expect(order.slice(2)).toEqual(['/3', '/4', '/5']);
  });

  it('lets one who floods it through sixteen at a time, and another’s call past all that wait', async () => {
    const responses = watched(hang);
    const flooded = (client = new OutboundClient());
    const flood = Array.from({ length: 100 }, () => flooded.call(request({ onBehalfOf: 'flood' })));
    const small = flooded.call(request({ onBehalfOf: 'small', url: new URL('/small', provider.url) }));
    while (responses.length < 17) await new Promise(setImmediate);
    responses[provider.requests.findIndex(({ url }) => url.pathname === '/small')]?.end('{}');
    expect((await small).status).toBe(200);
    expect(responses).toHaveLength(17);
    provider.answer = json({});
    for (const response of responses) response.end('{}');
    expect(new Set((await Promise.all(flood)).map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('is left by who waits too long, with nothing sent and nothing said against the provider', async () => {
    const responses = watched(hang);
    client = new OutboundClient({ limits: { connections: 1, attemptTimeoutMs: 300 } });
    const first = client.call(request({ attemptTimeoutMs: 20_000 }));
    while (responses.length === 0) await new Promise(setImmediate);
    const error: unknown = await client.call(request({ repeatable: 'never' })).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'provider_timeout', phase: 'not-sent', ailment: undefined });
    responses[0]?.end('{}');
    await first;
    expect(provider.requests).toHaveLength(1);
  });

  it('is left by who hangs up, with its own reason', async () => {
    const responses = watched(hang);
    const caller = new AbortController();
    const reason = new Error('hung up');
    client = new OutboundClient({ limits: { connections: 1 } });
    const first = client.call(request());
    while (responses.length === 0) await new Promise(setImmediate);
    const second = client.call(request({ signal: caller.signal }));
    caller.abort(reason);
    await expect(second).rejects.toBe(reason);
    responses[0]?.end('{}');
    await first;
    expect(provider.requests).toHaveLength(1);
  });
});

describe('a body that is too much', () => {
  it('is cut off at the cap, however long it would be: a gigabyte', async () => {
    let socketBytes = (): number => 0;
    const responses = watched((response, received) => {
      const { socket } = response;
      socketBytes = () => socket?.bytesWritten ?? 0;
      pour(1024 * MEGABYTE)(response, received);
    });
    const error = await failure({}, { repeatable: 'never' });
    expect(error).toMatchObject({ code: 'provider_protocol_error', ailment: undefined });
    await closed(responses[0]);
    expect(socketBytes()).toBeLessThan(30 * MEGABYTE);
  });

  it('is not read at all when it says so beforehand', async () => {
    let socketBytes = (): number => 0;
    const responses = watched((response, received) => {
      const { socket } = response;
      socketBytes = () => socket?.bytesWritten ?? 0;
      pour(1024 * MEGABYTE, { 'content-length': String(1024 * MEGABYTE) })(response, received);
    });
    expect(await failure({}, { repeatable: 'never' })).toMatchObject({ code: 'provider_protocol_error' });
    await closed(responses[0]);
    expect(socketBytes()).toBeLessThan(10 * MEGABYTE);
  });

  it('is not inflated: what was not asked for compressed is refused so', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MEGABYTE)).toString('latin1');
    provider.answer = (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.from(bomb, 'latin1'));
    };
    const before = process.memoryUsage().arrayBuffers;
    expect(await failure({}, { repeatable: 'never' })).toMatchObject({ code: 'provider_protocol_error' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 * MEGABYTE);
  });

  it('matters less than the status, when a failing server compresses its apology', async () => {
    provider.answer = raw('not gzip', 503, { 'content-encoding': 'gzip' });
    client = new OutboundClient();
    const { status, body } = await client.call(request({ repeatable: 'never' }));
    expect({ status, bytes: body.length }).toEqual({ status: 503, bytes: 0 });
  });
});

describe('a server that can’t prove to be the provider', () => {
  it('is sent nothing, asked once, and never asked without TLS instead', async () => {
    const requests: string[] = [];
    const broken: (string | undefined)[] = [];
    let connections = 0;
    const server = createTlsServer(SELF_SIGNED, (received, response) => {
      requests.push(received.url ?? '');
      response.end('{}');
    });
    server.on('connection', () => (connections += 1));
    server.on('tlsClientError', (error: NodeJS.ErrnoException) => broken.push(error.code));
    const url = await listening(server);
    const error = await failure({}, { url, repeatable: 'freely', headers: { authorization: 'Bearer t' } });
    await client?.close();
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({ code: 'provider_protocol_error', phase: 'not-sent', ailment: 'unreachable' });
    expect(requests).toEqual([]);
    expect(connections).toBe(1);
    expect(broken).not.toContain('ERR_SSL_HTTP_REQUEST');
  });

  // In a process of its own: Jest's process.env is a copy that Node's TLS never sees.
  it('is refused whatever the environment says of certificates', async () => {
    let requests = 0;
    const server = createTlsServer(SELF_SIGNED, (_received, response) => {
      requests += 1;
      response.end('{}');
    });
    const url = await listening(server);
    const program = `
      const { OutboundClient } = await import(${JSON.stringify(new URL('outbound-client.ts', import.meta.url).href)});
      const request = { integration: 'acme', endpoint: 'api', method: 'GET', url: new URL('${url.href}') };
      const client = new OutboundClient();
      console.log(await client.call(request).then(({ status }) => status, ({ code }) => code));
      await client.close();`;
    const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env });
    await new Promise((resolve) => server.close(resolve));
    expect([stdout.trim(), requests]).toEqual(['provider_protocol_error', 0]);
  });
});
