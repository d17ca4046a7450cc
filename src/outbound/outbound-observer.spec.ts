import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { hang, inTurn, json, startProviderStub, type ProviderStub } from './fixtures/provider-stub.ts';
import { until } from '../errors/fixtures/until.ts';
import { stopClock } from './fixtures/stopped-clock.ts';
import type { OutboundRequest } from './outbound-call.ts';
import { OutboundClient } from './outbound-client.ts';
import type { AttemptObservation } from './outbound-observer.ts';

let provider: ProviderStub;
let client: OutboundClient;
let seen: AttemptObservation[];

beforeEach(async () => {
  stopClock();
  Logger.overrideLogger(false);
  provider = await startProviderStub();
  client = new OutboundClient({ random: () => 0 });
  seen = [];
  client.observe((attempt) => seen.push(attempt));
});

afterEach(async () => {
  jest.useRealTimers();
  await client.close();
  await provider.close();
});

/** Whatever comes of it. */
async function call(changes: Partial<OutboundRequest> = {}): Promise<void> {
  const url = new URL('/x', provider.url);
  const request = {
    integration: 'acme',
    endpoint: 'api',
    method: 'GET',
    url,
    repeatable: 'never',
    ...changes,
  } as const;
  await client.call(request).catch(() => undefined);
}

describe('an observer', () => {
  it('is told of every attempt, and whether another follows', async () => {
    provider.answer = inTurn(json({}, 503), (response) => void response.destroy(), json({}));
    await call({ repeatable: 'freely' });
    const common = { integration: 'acme', endpoint: 'api', method: 'GET', durationMs: expect.any(Number) };
    expect(seen).toEqual([
      { ...common, attempt: 1, outcome: 503, retried: true },
      { ...common, attempt: 2, outcome: 'provider_unavailable', retried: true },
      { ...common, attempt: 3, outcome: 200, retried: false },
    ]);
  });

  it('is told of an attempt whose caller hung up', async () => {
    provider.answer = hang;
    const caller = new AbortController();
    const gone = call({ signal: caller.signal });
    await until(() => provider.requests.length === 1);
    caller.abort(new Error('hung up'));
    await gone;
    expect(seen).toMatchObject([{ outcome: 'cancelled', retried: false }]);
  });

  it('is told of none that was not made, because the provider is down', async () => {
    provider.answer = json({}, 500);
    for (let failure = 0; failure < 13; failure += 1) await call();
    expect([seen.length, provider.requests.length]).toEqual([10, 10]);
  });

  it('is told nothing more once it has stopped', async () => {
    const more: AttemptObservation[] = [];
    const stop = client.observe((attempt) => more.push(attempt));
    stop();
    await call();
    expect([seen.length, more.length]).toEqual([1, 0]);
  });
});
