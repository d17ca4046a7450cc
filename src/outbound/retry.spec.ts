import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { OutboundRequest, Repeatable } from './outbound-call.ts';
import { OutboundError, timeoutError, unusableAnswer } from './outbound-error.ts';
import { MAX_ATTEMPTS, planRetry, type AttemptOutcome, type Retry } from './retry.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
});

afterEach(() => {
  jest.useRealTimers();
});

type Outcome = AttemptOutcome['outcome'];

const answer = (status: number, headers: Readonly<Record<string, string>> = {}): Outcome => ({ status, headers });
const lost = (phase: 'sent' | 'not-sent') => new OutboundError('provider_unavailable', 'Lost.', phase, {});

/** Without jitter, unless it is asked for. */
function decide(outcome: Outcome, changes: Partial<AttemptOutcome> = {}, jitter = 0): Retry | undefined {
  const request = { method: 'GET' } as const;
  return planRetry({ request, outcome, attempt: 1, remainingMs: 25_000, ...changes }, () => jitter);
}

const TRANSIENT = [408, 409, 423, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529];

/** What the table says of every outcome there is, for a call that may be repeated freely, unless sent, never. */
const TABLE: readonly (readonly [string, Outcome, readonly [string, string, string]])[] = [
  ['no connection', lost('not-sent'), ['transient', 'transient', '-']],
  ['no connection in time', timeoutError('acme', 'not-sent'), ['transient', 'transient', '-']],
  ['a connection that broke', lost('sent'), ['transient', '-', '-']],
  ['no answer in time', timeoutError('acme', 'sent'), ['transient', '-', '-']],
  ['an answer that can’t be used', unusableAnswer('acme', 'answered with a redirect', 302), ['-', '-', '-']],
  [
    'a bad certificate',
    new OutboundError('provider_protocol_error', 'Not it.', 'not-sent', {}, { ailment: 'unreachable' }),
    ['-', '-', '-'],
  ],
  ['a 429', answer(429), ['throttled', '-', '-']],
  ...Array.from({ length: 500 }, (_, index) => 100 + index)
    .filter((status) => status !== 429)
    .map(
      (status) => [`a ${status}`, answer(status), [TRANSIENT.includes(status) ? 'transient' : '-', '-', '-']] as const,
    ),
];

const REPEATABILITIES: readonly Repeatable[] = ['freely', 'unless-sent', 'never'];

describe('whether an attempt is repeated', () => {
  it.each(TABLE.filter(([what]) => !/^a \d/.test(what) || /^a (?:200|400|401|404|409|429|500|501|503)$/.test(what)))(
    'after %s',
    (_what, outcome, expected) => {
      expect(causes(outcome)).toEqual(expected);
    },
  );

  it('is said for every status there is', () => {
    expect(TABLE.map(([what, outcome]) => [what, causes(outcome)])).toEqual(
      TABLE.map(([what, , expected]) => [what, expected]),
    );
  });

  it.each([
    ['GET', 'transient', 'transient'],
    ['DELETE', 'transient', 'transient'],
    ['POST', '-', 'transient'],
  ] as const)('goes by the method where nothing else is said: %s', (method, sent, notSent) => {
    expect(decide(lost('sent'), { request: { method } })?.cause ?? '-').toBe(sent);
    expect(decide(lost('not-sent'), { request: { method } })?.cause ?? '-').toBe(notSent);
  });

  it('ends with the third attempt', () => {
    const retried = [1, 2, 3, 4].map((attempt) => decide(answer(503), { attempt }) !== undefined);
    expect(retried).toEqual([true, true, false, false]);
    expect(MAX_ATTEMPTS).toBe(3);
  });

  function causes(outcome: Outcome): readonly string[] {
    return REPEATABILITIES.map((repeatable) => {
      const request: Pick<OutboundRequest, 'method' | 'repeatable'> = { method: 'POST', repeatable };
      return decide(outcome, { request })?.cause ?? '-';
    });
  }
});

describe('how long to wait', () => {
  it.each([
    [1, 0, 0],
    [1, 0.5, 50],
    [1, 1, 100],
    [2, 0.5, 100],
    [2, 1, 200],
  ])('is drawn from all of 100 ms × 2^n: after attempt %i, at %d of it, %i ms', (attempt, jitter, delayMs) => {
    expect(decide(answer(503), { attempt }, jitter)).toEqual({ cause: 'transient', delayMs });
  });

  it.each([
    ['seconds', '3', 3_000],
    ['none at all', '0', 0],
    ['a date', 'Sat, 21 Nov 2026 12:00:07 GMT', 7_000],
    ['a date that is over', 'Sat, 21 Nov 2026 11:59:00 GMT', 0],
  ])('is what Retry-After asks, plus jitter: %s', (_form, header, askedMs) => {
    for (const status of [429, 503]) {
      expect(decide(answer(status, { 'retry-after': header }), {}, 1)?.delayMs).toBe(askedMs + 100);
    }
  });

  it('takes a date against the answer’s own, whatever our clock says', () => {
    const headers = { 'retry-after': 'Sat, 21 Nov 2026 09:00:07 GMT', date: 'Sat, 21 Nov 2026 09:00:02 GMT' };
    expect(decide(answer(429, headers))?.delayMs).toBe(5_000);
  });

  it('comes nearer to a date as time goes by', () => {
    const until = answer(503, { 'retry-after': 'Sat, 21 Nov 2026 12:00:10 GMT' });
    jest.setSystemTime(NOW + 8_000);
    expect(decide(until)?.delayMs).toBe(2_000);
  });

  it('is the integration’s own after a 429 that names none, else a second', () => {
    const request = { method: 'GET', throttledWaitSeconds: 4 } as const;
    expect(decide(answer(429), { request })?.delayMs).toBe(4_000);
    expect(decide(answer(429))?.delayMs).toBe(1_000);
    expect(decide(answer(503), { request })?.delayMs).toBe(0);
  });

  it.each([['soon'], [''], ['-1'], ['1.5x']])('ignores a Retry-After of %j', (header) => {
    expect(decide(answer(503, { 'retry-after': header }))?.delayMs).toBe(0);
  });

  it('leaves it to the caller when it does not fit the call’s deadline with an attempt after it', () => {
    const asked = answer(429, { 'retry-after': '9' });
    expect(decide(asked, { remainingMs: 10_000 })).toEqual({ cause: 'throttled', delayMs: 9_000 });
    expect(decide(asked, { remainingMs: 9_999 })).toBeUndefined();
    expect(decide(lost('sent'), { remainingMs: 999 })).toBeUndefined();
  });
});
