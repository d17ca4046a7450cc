import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CircuitBreakers } from './circuit-breakers.ts';
import type { CircuitState } from './circuit.ts';
import { hang, held, inTurn, json, raw, startProviderStub, type ProviderStub } from './fixtures/provider-stub.ts';
import { seededRandom } from './fixtures/seeded-random.ts';
import { until } from '../errors/fixtures/until.ts';
import { stopClock } from './fixtures/stopped-clock.ts';
import type { OutboundRequest } from './outbound-call.ts';
import { OutboundClient } from './outbound-client.ts';
import type { OutboundError } from './outbound-error.ts';

let provider: ProviderStub;
let circuits: CircuitBreakers;
let client: OutboundClient;

beforeEach(async () => {
  stopClock();
  Logger.overrideLogger(false);
  provider = await startProviderStub();
  circuits = new CircuitBreakers();
  client = new OutboundClient({ circuits, random: () => 0 });
});

afterEach(async () => {
  jest.useRealTimers();
  await client.close();
  await provider.close();
});

function request(changes: Partial<OutboundRequest> = {}): OutboundRequest {
  const url = new URL('/x', provider.url);
  return { integration: 'acme', endpoint: 'api', method: 'GET', url, repeatable: 'never', ...changes };
}

/** A status, or the code of the error. */
async function outcome(changes: Partial<OutboundRequest> = {}): Promise<number | string> {
  return client.call(request(changes)).then(
    ({ status }) => status,
    (error: unknown) => (error as OutboundError).code,
  );
}

async function outcomes(count: number, changes: Partial<OutboundRequest> = {}): Promise<(number | string)[]> {
  const all: (number | string)[] = [];
  for (let call = 0; call < count; call += 1) all.push(await outcome(changes));
  return all;
}

const stateOf = (endpoint: 'api' | 'token' = 'api'): CircuitState['state'] =>
  circuits.of('acme', endpoint).state().state;

const reset: ProviderStub['answer'] = (response) => void response.destroy();

async function takeDown(): Promise<void> {
  provider.answer = json({}, 500);
  await outcomes(10);
  expect(stateOf()).toBe('open');
}

describe('a provider that is down', () => {
  it.each([
    ['fails', json({}, 503), 503],
    ['breaks connections', reset, 'provider_unavailable'],
    ['speaks no HTTP', (response: { socket: { end(text: string): void } | null }) => response.socket?.end('?'), 'any'],
  ] as const)('and %s is asked ten times, and then left alone', async (_what, answer, told) => {
    provider.answer = answer;
    const seen = await outcomes(50);
    expect(provider.requests).toHaveLength(10);
    if (told !== 'any') expect(seen.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => told));
    expect(seen.slice(10)).toEqual(Array.from({ length: 40 }, () => 'provider_unavailable'));
  });

  it('is not asked for by retries either', async () => {
    provider.answer = json({}, 503);
    await outcomes(50, { repeatable: 'freely' });
    expect(provider.requests).toHaveLength(10);
  });

  it('is told of with the time of the next trial, and that nothing was sent', async () => {
    await takeDown();
    await expect(client.call(request())).rejects.toMatchObject({
      code: 'provider_unavailable',
      phase: 'not-sent',
      details: { integration: 'acme', retry_after: expect.any(Number) },
    });
  });

  it('is one endpoint of one provider: its token endpoint and the others are called as ever', async () => {
    await takeDown();
    provider.answer = json({});
    expect(await outcome()).toBe('provider_unavailable');
    expect(await outcome({ endpoint: 'token' })).toBe(200);
    expect(await outcome({ integration: 'other' })).toBe(200);
    expect(circuits.states().map(({ integration, endpoint, state }) => [integration, endpoint, state])).toEqual([
      ['acme', 'token', 'closed'],
      ['acme', 'api', 'open'],
      ['other', 'token', 'closed'],
      ['other', 'api', 'closed'],
    ]);
  });

  it('keeps nobody waiting in line for it', async () => {
    await client.close();
    client = new OutboundClient({ circuits: (circuits = new CircuitBreakers()), limits: { connections: 10 } });
    const first = held(json({}, 500));
    provider.answer = first.answer;
    const calls = Array.from({ length: 200 }, () => outcome());
    await until(() => provider.requests.length === 10);
    provider.answer = json({}, 500);
    first.release();
    const seen = await Promise.all(calls);
    // While the ten failures come in, nine more may go out.
    const asked = provider.requests.length;
    expect(asked).toBeLessThan(20);
    expect(seen.filter((one) => one === 500)).toHaveLength(asked);
    expect(seen.filter((one) => one === 'provider_unavailable')).toHaveLength(200 - asked);
  });

  it('is asked once when its time has come, and is back with the first success', async () => {
    await takeDown();
    jest.advanceTimersByTime(5_000);
    const first = held(json({}));
    provider.answer = first.answer;
    const trial = outcome();
    await until(() => provider.requests.length === 11);
    expect(await outcomes(5)).toEqual(Array.from({ length: 5 }, () => 'provider_unavailable'));
    first.release();
    expect(await trial).toBe(200);
    provider.answer = json({});
    expect(await outcomes(3)).toEqual([200, 200, 200]);
    expect(provider.requests).toHaveLength(14);
  });

  it('whose trial hangs is given up on at the attempt’s deadline, for twice as long', async () => {
    await takeDown();
    jest.advanceTimersByTime(5_000);
    provider.answer = hang;
    const trial = outcome();
    await until(() => provider.requests.length === 11);
    expect(stateOf()).toBe('half-open');
    jest.advanceTimersByTime(10_000);
    expect(await trial).toBe('provider_timeout');
    const { state, nextTrialAt } = circuits.of('acme', 'api').state();
    expect({ state, waitMs: (nextTrialAt ?? 0) - Date.now() > 5_000 }).toEqual({ state: 'open', waitMs: true });
  });

  it('is asked by the next caller when the one whose call was the trial hung up', async () => {
    await takeDown();
    jest.advanceTimersByTime(5_000);
    provider.answer = hang;
    const caller = new AbortController();
    const trial = client.call(request({ signal: caller.signal })).catch(() => 'gone');
    await until(() => provider.requests.length === 11);
    caller.abort(new Error('hung up'));
    expect(await trial).toBe('gone');
    provider.answer = json({});
    expect(await outcome()).toBe(200);
    expect(stateOf()).toBe('closed');
  });

  it('is not taken for well because a call that began before it fell is answered late', async () => {
    const early = held(json({}));
    provider.answer = early.answer;
    const call = outcome();
    await until(() => provider.requests.length === 1);
    await takeDown();
    jest.advanceTimersByTime(5_000);
    const trial = held(json({}));
    provider.answer = trial.answer;
    const tried = outcome();
    await until(() => provider.requests.length === 12);
    early.release();
    expect(await call).toBe(200);
    expect(stateOf()).toBe('half-open');
    trial.release();
    expect(await tried).toBe(200);
    expect(stateOf()).toBe('closed');
  });
});

describe('a provider that is well', () => {
  it.each([400, 401, 403, 404, 409, 422, 429, 477])('may say %i as often as it likes', async (status) => {
    provider.answer = json({}, status);
    expect(await outcomes(15)).toEqual(Array.from({ length: 15 }, () => status));
    expect(stateOf()).toBe('closed');
  });

  it('is not thought ill of for callers that hang up', async () => {
    provider.answer = hang;
    for (let call = 1; call <= 15; call += 1) {
      const caller = new AbortController();
      const gone = client.call(request({ signal: caller.signal })).catch(() => undefined);
      await until(() => provider.requests.length === call);
      caller.abort(new Error('hung up'));
      await gone;
    }
    expect(circuits.of('acme', 'api').state()).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('is not thought ill of for redirects, or for answers that are too long', async () => {
    provider.answer = inTurn(raw('', 302, { location: 'https://elsewhere.test' }), raw('x'.repeat(100)));
    await outcomes(15, { maxBodyBytes: 99 });
    expect(circuits.of('acme', 'api').state()).toMatchObject({ state: 'closed', failures: 0 });
  });

  it('answers the others while one call is slow to the end of its time', async () => {
    const slow = held(json({}));
    provider.answer = slow.answer;
    const siblings = Array.from({ length: 20 }, () => outcome());
    await until(() => provider.requests.length === 20);
    provider.answer = hang;
    const hanging = outcome({ attemptTimeoutMs: 30 });
    await until(() => provider.requests.length === 21);
    jest.advanceTimersByTime(30);
    expect(await hanging).toBe('provider_timeout');
    slow.release();
    expect(await Promise.all(siblings)).toEqual(Array.from({ length: 20 }, () => 200));
    provider.answer = json({});
    expect(await outcome()).toBe(200);
  });

  // One call after the other, so that which attempts fail is the same every time. 1 − 0.3³ = 97.3 %.
  it('and fails three calls in ten at random is asked again: 97.3 % succeed, and the circuit stays closed', async () => {
    const [random, sameRandom] = [seededRandom(11), seededRandom(11)];
    const [fine, broken] = [json({}), json({}, 500)];
    provider.answer = (response, received) => (random() < 0.3 ? broken : fine)(response, received);
    const changes: CircuitState[] = [];
    circuits.onChange((state) => changes.push(state));
    const seen = await outcomes(150, { repeatable: 'freely' });
    expect(seen).toEqual(seen.map(() => ([1, 2, 3].some(() => sameRandom() >= 0.3) ? 200 : 500)));
    expect(seen.filter((status) => status === 200).length / seen.length).toBeCloseTo(0.973, 1);
    expect(changes).toEqual([]);
  });
});

describe('a retry budget', () => {
  it('is one for a provider’s endpoints; once it is empty, nothing is tried again', async () => {
    const [fine, busy] = [json({}), json({}, 503)];
    for (let round = 0; round < 19; round += 1) {
      provider.answer = inTurn(busy, busy, busy, fine);
      await outcome({ endpoint: round % 2 === 0 ? 'api' : 'token', repeatable: 'freely' });
      await outcome({ endpoint: round % 2 === 0 ? 'api' : 'token' });
    }
    expect(client.retryBudgets().get('acme')).toBeLessThan(14);
    const before = provider.requests.length;
    provider.answer = busy;
    expect(await outcome({ repeatable: 'freely' })).toBe(503);
    expect(provider.requests.length - before).toBe(1);
    expect(client.retryBudgets().get('other')).toBeUndefined();
  });
});
