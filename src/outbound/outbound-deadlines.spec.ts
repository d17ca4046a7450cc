import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { hang, json, pour, raw, startProviderStub, type Answer, type ProviderStub } from './fixtures/provider-stub.ts';
import { until } from '../errors/fixtures/until.ts';
import { stopClock } from './fixtures/stopped-clock.ts';
import type { OutboundRequest } from './outbound-call.ts';
import { LIMITS, OutboundClient, type OutboundLimits } from './outbound-client.ts';
import { OutboundError } from './outbound-error.ts';

const MEGABYTE = 1024 * 1024;

let provider: ProviderStub;
let client: OutboundClient | undefined;

// Once: undici keeps a timer of its own, which would stay on the clock of the first test.
beforeAll(stopClock);
afterAll(() => void jest.useRealTimers());

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

/** Calls a provider that never answers. The clock moves on once the request is there. */
async function failureAfter(
  ms: number,
  limits: Partial<OutboundLimits>,
  changes: Partial<OutboundRequest> = {},
): Promise<OutboundError> {
  provider.answer = hang;
  const failed = failure(limits, changes);
  await until(() => provider.requests.length > 0);
  jest.advanceTimersByTime(ms);
  return failed;
}

/** Calls back with each piece of an answer's body that arrives. @returns how to stop */
function onBodyChunk(received: () => void): () => void {
  const channel = 'undici:request:bodyChunkReceived';
  subscribe(channel, received);
  return () => void unsubscribe(channel, received);
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

  // undici counts in steps of half a second, and may be a second late.
  it('is given up when it accepts a connection and then never secures it: nothing was sent', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined).resume();
    });
    const url = await listening(server);
    const failed = failure({}, { url, repeatable: 'never' });
    await until(() => connections === 1);
    jest.advanceTimersByTime(3_500);
    expect(await failed).toMatchObject({ code: 'provider_timeout', phase: 'not-sent', ailment: 'timeout' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('is given up when no headers come, and sees us go', async () => {
    const responses = watched(hang);
    const failed = failure({}, { repeatable: 'never' });
    await until(() => responses.length === 1);
    jest.advanceTimersByTime(6_500);
    expect(await failed).toMatchObject({ code: 'provider_timeout', phase: 'sent', ailment: 'timeout' });
    await closed(responses[0]);
  });

  it('is given up when its body drips for ever, though never idle for long', async () => {
    let received = 0;
    const stop = onBodyChunk(() => (received += 1));
    const responses = watched((response) => void response.writeHead(200, { 'content-type': 'application/json' }));
    const failed = failure({}, { repeatable: 'never' });
    await until(() => responses.length === 1);
    for (let second = 1; second <= 10; second += 1) {
      responses[0]?.write(' ');
      await until(() => received === second);
      jest.advanceTimersByTime(1_000);
    }
    stop();
    // A pause that was too long would be the cause.
    expect(await failed).toMatchObject({
      ...{ code: 'provider_timeout', phase: 'sent', ailment: 'timeout' },
      cause: undefined,
    });
    await closed(responses[0]);
  });

  it('is not called ill for not answering in less time than headers may take', async () => {
    const error = await failureAfter(4_000, { attemptTimeoutMs: 4_000 }, { repeatable: 'never' });
    expect(error).toMatchObject({ code: 'provider_timeout', ailment: undefined });
  });

  it('gets no attempt more than the whole call has time for', async () => {
    await failureAfter(4_000, { attemptTimeoutMs: 4_000, callTimeoutMs: 4_999 });
    expect(provider.requests).toHaveLength(1);
  });

  it('has no longer than the call, however long an attempt may take', async () => {
    expect(await failureAfter(4_000, { callTimeoutMs: 4_000 })).toMatchObject({ code: 'provider_timeout' });
  });

  it('leaves nothing behind on the signal of a caller that makes many calls', async () => {
    const { signal } = new AbortController();
    client = new OutboundClient();
    for (let call = 0; call < 20; call += 1) await client.call(request({ signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('two hundred calls that hang', () => {
  it('leave no socket and no listener behind', async () => {
    provider.answer = hang;
    const { signal } = new AbortController();
    const hanging = (client = new OutboundClient());
    const hung = (): Promise<unknown> =>
      hanging.call(request({ signal, repeatable: 'never', attemptTimeoutMs: 4_000 })).catch((error: unknown) => error);
    for (let round = 1; round <= 4; round += 1) {
      const calls = Promise.all(Array.from({ length: 50 }, hung));
      await until(() => provider.requests.length === 50 * round);
      jest.advanceTimersByTime(4_000);
      await calls;
    }
    while ((await provider.sockets()) > 0) await new Promise(setImmediate);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a line before a provider', () => {
  it('lets no more calls through at a time than there are connections, in their order', async () => {
    const responses = watched(hang);
    const crowded = (client = new OutboundClient({ limits: { connections: 2 } }));
    const calls = [1, 2, 3, 4, 5].map((n) => crowded.call(request({ url: new URL(`/${n}`, provider.url) })));
    for (let answered = 0; answered < 5; answered += 1) {
      await until(() => responses.length > answered);
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
    await until(() => responses.length === 17);
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
    await until(() => responses.length === 1);
    const second = client.call(request({ repeatable: 'never' })).catch((reason: unknown) => reason);
    jest.advanceTimersByTime(300);
    expect(await second).toMatchObject({ code: 'provider_timeout', phase: 'not-sent', ailment: undefined });
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
    await until(() => responses.length === 1);
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
    const bomb = Buffer.concat(new Array<Buffer>(64).fill(gzipSync(Buffer.alloc(MEGABYTE))));
    provider.answer = (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
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
