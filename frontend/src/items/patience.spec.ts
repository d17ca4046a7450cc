import { describe, expect, it } from '@jest/globals';
import { ApiFailure } from '../api/api-failure.ts';
import { Patience } from './patience.ts';

const failure = (code: string, retryAfterSeconds?: number): ApiFailure =>
  new ApiFailure({ code, message: code, status: 503, retryAfterSeconds });

describe('patience', () => {
  it('grows with each try to reach a service that is away, and ends', () => {
    const patience = new Patience();
    const delays = Array.from({ length: 7 }, () => patience.after(failure('network_error'))?.delayMs ?? null);
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, null]);
  });

  it('is fresh when something came', () => {
    const patience = new Patience();
    for (let tries = 0; tries < 6; tries += 1) patience.after(failure('stream_cut'));
    patience.refresh();
    expect(patience.after(failure('stream_cut'))).toEqual({ why: 'connection', delayMs: 1_000 });
  });

  it('waits as long as it is asked to, three times for our own limit', () => {
    const patience = new Patience();
    const limited = failure('rate_limited', 12);
    expect([1, 2, 3, 4].map(() => patience.after(limited))).toEqual([
      ...[1, 2, 3].map(() => ({ why: 'limit', delayMs: 12_000 })),
      null,
    ]);
    expect(new Patience().after(failure('service_unavailable', 5))).toEqual({ why: 'service', delayMs: 5_000 });
  });

  it.each([
    ['provider_error', undefined],
    ['session_ended', undefined],
    ['cursor_invalid', undefined],
    ['page_error', undefined],
    ['rate_limited', 3_600],
  ])('has none for %s', (code, retryAfter) => {
    expect(new Patience().after(failure(code, retryAfter))).toBeNull();
  });
});
