import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError, type ErrorDetails } from '../errors/patchbay-error.ts';
import { patiently } from './patient-page.ts';

const MINUTE_MS = 60_000;

const failing = (code: ErrorCode, details?: ErrorDetails) => new PatchbayError(code, 'no', details);

interface Asking {
  /** When the page was asked for, in milliseconds from the first time. */
  readonly askedAt: readonly number[];
  /** What was said of waits. */
  readonly told: readonly number[];
  readonly page: Promise<string>;
}

/** Asks for a page that fails so many times, each time with the next of the errors, the last of them again and again. */
function asking(errors: readonly Error[], times: number, signal = new AbortController().signal): Asking {
  const startedAt = performance.now();
  const askedAt: number[] = [];
  const told: number[] = [];
  const ask = (): Promise<string> => {
    askedAt.push(Math.round(performance.now() - startedAt));
    const error = errors[askedAt.length - 1] ?? errors.at(-1);
    return error === undefined || askedAt.length > times ? Promise.resolve('a page') : Promise.reject(error);
  };
  const page = patiently(ask, signal, (waitMs) => void told.push(waitMs));
  // Looked at once time has passed.
  page.catch(() => undefined);
  return { askedAt, told, page };
}

describe('A page that is asked for patiently', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('is there at once when nothing is in its way, and no wait is told', async () => {
    const { askedAt, told, page } = asking([], 0);
    await expect(page).resolves.toBe('a page');
    expect([askedAt, told]).toEqual([[0], []]);
  });

  it.each<ErrorCode>(['provider_rate_limited', 'service_unavailable'])(
    'is waited for as long as it is asked to with %s, however often, and the wait is told and its end',
    async (code) => {
      const { askedAt, told, page } = asking([failing(code, { retry_after: 30 })], 10);
      await jest.advanceTimersByTimeAsync(10 * 30_000);
      await expect(page).resolves.toBe('a page');
      expect(askedAt).toEqual(Array.from({ length: 11 }, (_, n) => n * 30_000));
      expect(told).toEqual(Array.from({ length: 10 }, () => [30_000, 0]).flat());
    },
  );

  it('is waited for a second when nobody says for how long', async () => {
    const { askedAt, page } = asking([failing('provider_rate_limited')], 3);
    await jest.advanceTimersByTimeAsync(3_000);
    await expect(page).resolves.toBe('a page');
    expect(askedAt).toEqual([0, 1_000, 2_000, 3_000]);
  });

  it.each<[string, PatchbayError]>([
    ['down', failing('provider_unavailable')],
    ['too slow', failing('provider_timeout')],
    ['out of order', failing('provider_error', { provider_status: 502 })],
  ])('is waited for longer and longer while the provider is %s, a minute and a half in all', async (_how, error) => {
    const { askedAt, told, page } = asking([error], Infinity);
    await jest.advanceTimersByTimeAsync(2 * MINUTE_MS);
    await expect(page).rejects.toBe(error);
    expect(askedAt).toEqual([0, 1, 3, 7, 15, 30, 45, 60, 75, 90].map((seconds) => seconds * 1_000));
    expect(told.filter((waitMs) => waitMs > 0)).toEqual([1, 2, 4, 8, 15, 15, 15, 15, 15].map((s) => s * 1_000));
  });

  // While a circuit's one trial is under way, everybody else is told to come again in a second.
  it('is not given up sooner because a great many tries failed', async () => {
    const { askedAt, page } = asking([failing('provider_unavailable', { retry_after: 1 })], 80);
    await jest.advanceTimersByTimeAsync(80_000);
    await expect(page).resolves.toBe('a page');
    expect(askedAt).toHaveLength(81);
  });

  it('is waited for a minute at most in an outage, whatever the provider says', async () => {
    const { askedAt, page } = asking([failing('provider_unavailable', { retry_after: 600 })], 1);
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    await expect(page).resolves.toBe('a page');
    expect(askedAt).toEqual([0, MINUTE_MS]);
  });

  it('is waited for as long in an outage that a limit lies in the middle of', async () => {
    const limited = failing('provider_rate_limited', { retry_after: 120 });
    const down = failing('provider_unavailable', { retry_after: 40 });
    const { askedAt, page } = asking([down, limited, down], Infinity);
    await jest.advanceTimersByTimeAsync(5 * MINUTE_MS);
    await expect(page).rejects.toBe(down);
    expect(askedAt).toEqual([0, 40_000, 160_000, 200_000]);
  });

  it('is given up after twenty minutes, and before a wait that would end later', async () => {
    const limited = failing('provider_rate_limited', { retry_after: 7 * 60 });
    const { askedAt, told, page } = asking([limited], Infinity);
    await jest.advanceTimersByTimeAsync(14 * MINUTE_MS);
    await expect(page).rejects.toBe(limited);
    expect(askedAt).toEqual([0, 7 * MINUTE_MS, 14 * MINUTE_MS]);
    expect(told.at(-1)).toBe(0);
  });

  it.each<[string, Error]>([
    ['a refusal', failing('provider_error', { provider_status: 403 })],
    ['a grant that was withdrawn', failing('reauthorization_required')],
    ['a fault of ours', new RangeError('bug')],
  ])('isn’t waited for after %s', async (_what, error) => {
    const { askedAt, told, page } = asking([error], Infinity);
    await expect(page).rejects.toBe(error);
    expect([askedAt, told]).toEqual([[0], []]);
  });

  it('isn’t waited for any more once nobody wants it, which says why', async () => {
    const caller = new AbortController();
    const { askedAt, page } = asking([failing('provider_rate_limited', { retry_after: 600 })], 1, caller.signal);
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    const reason = new Error('gone');
    caller.abort(reason);
    await expect(page).rejects.toBe(reason);
    expect(askedAt).toEqual([0]);
  });

  it('isn’t asked for when nobody wants it any more', async () => {
    const { askedAt, page } = asking([], 0, AbortSignal.abort());
    await expect(page).rejects.toMatchObject({ name: 'AbortError' });
    expect(askedAt).toEqual([]);
  });
});
