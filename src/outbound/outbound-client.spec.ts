import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { inTurn, json, raw, startProviderStub, type ProviderStub } from './fixtures/provider-stub.ts';
import { SELF_SIGNED } from './fixtures/self-signed.ts';
import { stopClock } from './fixtures/stopped-clock.ts';
import type { OutboundRequest } from './outbound-call.ts';
import { OutboundClient } from './outbound-client.ts';
import { OutboundError } from './outbound-error.ts';

const run = promisify(execFile);

let provider: ProviderStub;
let elsewhere: ProviderStub;
let client: OutboundClient;

beforeEach(async () => {
  stopClock();
  provider = await startProviderStub();
  elsewhere = await startProviderStub();
  client = new OutboundClient({ random: () => 0 });
});

afterEach(async () => {
  jest.useRealTimers();
  await client.close();
  await provider.close();
  await elsewhere.close();
});

function request(changes: Partial<OutboundRequest> = {}): OutboundRequest {
  return {
    integration: 'acme',
    endpoint: 'api',
    method: 'GET',
    url: new URL('/x', provider.url),
    repeatable: 'never',
    ...changes,
  };
}

async function failure(call: Promise<unknown>): Promise<OutboundError> {
  const error = await call.then(
    () => new Error('The call succeeded.'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OutboundError);
  return error as OutboundError;
}

async function listening(server: Server, protocol: 'http' | 'https' = 'https'): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
}

describe('what is sent', () => {
  it('asks for JSON that is not compressed, and says who asks', async () => {
    await client.call(request({ headers: { authorization: 'Bearer t' } }));
    expect(provider.requests[0]?.headers).toMatchObject({
      accept: 'application/json',
      'accept-encoding': 'identity',
      authorization: 'Bearer t',
      'user-agent': expect.stringMatching(/^Patchbay\//),
    });
  });

  it.each([200, 204, 400, 401, 404, 500])('hands over a %i as it came', async (status) => {
    provider.answer = raw(status === 204 ? '' : '{"a":1}', status);
    const { status: got, body } = await client.call(request());
    expect({ got, body: body.toString() }).toEqual({ got: status, body: status === 204 ? '' : '{"a":1}' });
  });
});

describe('an answer that is not taken', () => {
  it.each([301, 302, 303, 307, 308])('refuses a %i and never calls where it points', async (status) => {
    provider.answer = raw('', status, { location: `${elsewhere.url}/stolen` });
    const error = await failure(client.call(request({ headers: { authorization: 'Bearer t' }, repeatable: 'freely' })));
    expect(error).toMatchObject({ code: 'provider_protocol_error', details: { provider_status: status } });
    expect(provider.requests).toHaveLength(1);
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('refuses an encoding it did not ask for', async () => {
    provider.answer = raw('not gzip at all', 200, { 'content-encoding': 'gzip' });
    expect(await failure(client.call(request()))).toMatchObject({ code: 'provider_protocol_error' });
  });

  it('reads no further than the cap, and hangs up on a body without an end', async () => {
    let closed: Promise<unknown> | undefined;
    provider.answer = (response) => {
      closed = once(response, 'close');
      pour(response);
    };
    const error = await failure(client.call(request({ maxBodyBytes: 100_000 })));
    expect(error).toMatchObject({ code: 'provider_protocol_error', message: 'acme sent more than 100000 bytes.' });
    await closed;
  });

  it('takes a body of exactly the cap', async () => {
    provider.answer = raw('x'.repeat(1000));
    const { body } = await client.call(request({ maxBodyBytes: 1000 }));
    expect(body).toHaveLength(1000);
    provider.answer = raw('x'.repeat(1001));
    await failure(client.call(request({ maxBodyBytes: 1000 })));
  });

  it('takes no half answer for a whole one', async () => {
    provider.answer = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    expect(await failure(client.call(request()))).toMatchObject({
      code: 'provider_protocol_error',
      phase: 'sent',
      brokeOff: true,
    });
  });

  it('says so when what answers does not speak HTTP', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')));
    const url = await listening(server, 'http');
    const error = await failure(client.call(request({ url })));
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({ code: 'provider_protocol_error', phase: 'sent' });
  });

  it('knows that a call to a closed port was never sent', async () => {
    await elsewhere.close();
    const error = await failure(client.call(request({ url: new URL(elsewhere.url) })));
    expect(error).toMatchObject({ code: 'provider_unavailable', phase: 'not-sent' });
  });
});

describe('trying again', () => {
  it('waits as a 429 asks and repeats what may be repeated', async () => {
    provider.answer = inTurn(json({}, 429, { 'retry-after': '0' }), json({ ok: 1 }));
    expect((await client.call(request({ repeatable: 'freely' }))).status).toBe(200);
    expect(provider.requests).toHaveLength(2);
  });

  it('hands a 429 over at once when it asks for longer than the call may take', async () => {
    provider.answer = json({}, 429, { 'retry-after': '60' });
    expect((await client.call(request({ repeatable: 'freely' }))).status).toBe(429);
    expect(provider.requests).toHaveLength(1);
  });

  it('takes the integration’s own wait for a 429 that names none', async () => {
    provider.answer = json({}, 429);
    expect((await client.call(request({ repeatable: 'freely', throttledWaitSeconds: 30 }))).status).toBe(429);
    expect(provider.requests).toHaveLength(1);
  });

  it('gives up after three attempts, with the last answer', async () => {
    provider.answer = json({ error: 'busy' }, 503);
    expect((await client.call(request({ repeatable: 'freely' }))).status).toBe(503);
    expect(provider.requests).toHaveLength(3);
  });

  it('repeats after an answer that broke off', async () => {
    const half = (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    provider.answer = inTurn(half, json({}));
    expect((await client.call(request({ repeatable: 'freely' }))).status).toBe(200);
  });

  it('repeats after a connection that broke', async () => {
    provider.answer = inTurn((response) => response.destroy(), json({}));
    expect((await client.call(request({ repeatable: 'freely' }))).status).toBe(200);
  });

  it.each([
    ['a 429', json({}, 429, { 'retry-after': '0' })],
    ['a 503', json({}, 503, { 'retry-after': '0' })],
    ['a broken connection', (response: ServerResponse) => void response.destroy()],
  ])('never repeats after %s what must not be repeated', async (_what, answer) => {
    provider.answer = answer;
    await client.call(request({ method: 'POST', body: 'code=1' })).catch(() => undefined);
    expect(provider.requests).toHaveLength(1);
  });

  it.each([400, 401, 403, 404, 422])('does not repeat a %i', async (status) => {
    provider.answer = json({}, status);
    await client.call(request({ repeatable: 'freely' }));
    expect(provider.requests).toHaveLength(1);
  });
});

describe('a caller that hangs up', () => {
  it('cancels a call that hangs, with its own reason, and the provider sees it go', async () => {
    const caller = new AbortController();
    const reason = new Error('hung up');
    let closed: Promise<unknown> | undefined;
    provider.answer = (response) => {
      closed = once(response, 'close');
      caller.abort(reason);
    };
    await expect(client.call(request({ signal: caller.signal, repeatable: 'freely' }))).rejects.toBe(reason);
    await closed;
    expect(provider.requests).toHaveLength(1);
  });

  it('cancels the wait before another attempt, with its own reason', async () => {
    const caller = new AbortController();
    const reason = new Error('hung up');
    client.observe(({ retried }) => {
      if (retried) setImmediate(() => caller.abort(reason));
    });
    provider.answer = json({}, 429, { 'retry-after': '20' });
    await expect(client.call(request({ signal: caller.signal, repeatable: 'freely' }))).rejects.toBe(reason);
    expect(provider.requests).toHaveLength(1);
  });

  it('sends nothing for a caller that was gone before', async () => {
    const reason = new Error('hung up');
    await expect(client.call(request({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(provider.requests).toHaveLength(0);
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
    const error = await failure(
      client.call(request({ url, repeatable: 'freely', headers: { authorization: 'Bearer t' } })),
    );
    await client.close();
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
      const limits = { connectTimeoutMs: 100_000, headersTimeoutMs: 100_000, attemptTimeoutMs: 100_000, callTimeoutMs: 100_000 };
      const client = new OutboundClient({ limits });
      console.log(await client.call(request).then(({ status }) => status, ({ code }) => code));
      await client.close();`;
    const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env });
    await new Promise((resolve) => server.close(resolve));
    expect([stdout.trim(), requests]).toEqual(['provider_protocol_error', 0]);
  });
});

/** A body without an end. */
function pour(response: ServerResponse): void {
  const more = () => {
    if (!response.destroyed) response.write('x'.repeat(16_384), () => setImmediate(more));
  };
  more();
}
