import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  BASE,
  baseOf,
  busiestSecond,
  departures,
  endPacing,
  FIVE_A_SECOND,
  many,
  startPacing,
  turn,
} from './fixtures/turns.ts';
import type { WindowStore } from './fixtures/window-store.ts';
import { paceLane } from './pace.ts';
import { Pacer } from './pacer.ts';
import type { PaceWait } from './waiter.ts';

let store: WindowStore;
let pacer: Pacer;

beforeEach(() => {
  ({ store, pacer } = startPacing());
});

afterEach(() => endPacing(pacer));

describe('the pace of one lane', () => {
  it('lets as many through as the limit says, and the rest as the window frees', async () => {
    const seen = departures(pacer, many(12));
    await jest.advanceTimersByTimeAsync(0);
    expect(seen.at).toHaveLength(5);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(seen.at).toHaveLength(12);
    expect(busiestSecond(seen.at)).toBe(5);
  });

  // What takes a while to arrive stands later in the provider's window than in ours.
  it('keeps to it by the provider’s count even when calls take differently long to get there', async () => {
    const seen = departures(pacer, many(30));
    await jest.advanceTimersByTimeAsync(20_000);
    const arrivals = seen.at.map((at, call) => at + (call % 2 === 0 ? 249 : 0));
    expect(arrivals).toHaveLength(30);
    expect(busiestSecond(arrivals)).toBeLessThanOrEqual(5);
  });

  it('is one for all replicas', async () => {
    const replicas = [pacer, new Pacer(store), new Pacer(store)];
    const seen = replicas.map((replica) => departures(replica, many(10)));
    await jest.advanceTimersByTimeAsync(20_000);
    const all = seen.flatMap(({ at }) => at);
    expect(all).toHaveLength(30);
    expect(busiestSecond(all)).toBe(5);
    // None of them took it all: each had had calls through before any was done.
    expect(seen.every(({ at }) => Math.min(...at) < 4_000)).toBe(true);
  });

  it('takes one question to the store for a call', async () => {
    await pacer.admit(turn({ lane: paceLane('acme', { resource: 'account', of: ['a'], ...FIVE_A_SECOND }) }));
    expect(store.questions).toBe(1);
    // The window's and the account's, which leave together.
    await pacer.admit(turn());
    expect(store.questions).toBe(3);
  });

  it('takes the factor an operator set', async () => {
    const lane = paceLane('acme', { resource: 'account', of: ['a'], ...FIVE_A_SECOND }, 2);
    const seen = departures(pacer, many(12, { lane }));
    await jest.advanceTimersByTimeAsync(0);
    expect(seen.at).toHaveLength(10);
  });
});

describe('who waits', () => {
  it('hears for how long', async () => {
    const waits: PaceWait[] = [];
    departures(pacer, [...many(5), turn({ onWait: (wait) => void waits.push(wait) })]);
    await jest.advanceTimersByTimeAsync(0);
    expect(waits).toEqual([{ integration: 'acme', resource: 'base', waitMs: 1_250 }]);
    expect([pacer.waitingAt('acme'), pacer.waitingAt('other')]).toEqual([1, 0]);
  });

  it('is refused at once when the limit outlasts the call, with the time until it is worth another try', async () => {
    const minute = paceLane('acme', { resource: 'method', of: ['m'], limit: 1, windowMs: 60_000 });
    const seen = departures(pacer, many(3, { lane: minute }));
    await jest.advanceTimersByTimeAsync(0);
    expect(seen.at).toEqual([0]);
    const refusal = {
      code: 'provider_rate_limited',
      phase: 'not-sent',
      details: { integration: 'acme', retry_after: 61 },
      message: 'The limit of calls to acme (method) is reached for another 61 s.',
    };
    expect(seen.refused).toMatchObject([refusal, refusal]);
    expect(pacer.waiting).toBe(0);
  });

  it('hears as much when he comes while the others wait already, and waits for nothing he can’t have', async () => {
    const lane = paceLane('acme', { resource: 'method', of: ['m'], limit: 1, windowMs: 60_000 });
    const patient = { lane, deadline: performance.now() + 100_000 };
    const seen = departures(pacer, many(2, patient));
    await jest.advanceTimersByTimeAsync(20_000);
    const waits: number[] = [];
    const late = departures(pacer, [
      turn({ ...patient, onWait: ({ waitMs }) => void waits.push(waitMs) }),
      turn({ lane, deadline: performance.now() + 25_000 }),
    ]);
    await jest.advanceTimersByTimeAsync(0);
    expect(waits).toEqual([40_250]);
    expect(late.refused).toMatchObject([{ details: { retry_after: 41 } }]);
    pacer.close();
    await jest.advanceTimersByTimeAsync(0);
    expect(seen.refused).toMatchObject([{ details: { retry_after: 41 } }]);
  });

  it.each([
    ['while others wait for the limit', () => Promise.resolve()],
    ['while the account is held', () => pacer.hold(BASE, 2)],
  ])('fails alone when what he wants told of it throws, %s', async (_when, before) => {
    await before();
    const broken = new Error('the ear is broken');
    const onWait = () => {
      throw broken;
    };
    const seen = departures(pacer, [...many(5), turn({ onWait }), ...many(2)]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(seen.refused).toEqual([broken]);
    expect(seen.at).toHaveLength(7);
  });

  it('is refused when the turn did not come before the deadline, and leaves it to others', async () => {
    const seen = departures(pacer, many(20, { deadline: performance.now() + 3_300 }));
    await jest.advanceTimersByTimeAsync(3_300);
    expect(seen.at).toHaveLength(15);
    expect(seen.refused).toHaveLength(5);
    const next = departures(pacer, many(1));
    await jest.advanceTimersByTimeAsync(1_260);
    expect(next.at).toHaveLength(1);
  });

  it('may hang up, and goes with that reason', async () => {
    const caller = new AbortController();
    const reason = new Error('hung up');
    const seen = departures(pacer, [...many(5), turn({ signal: caller.signal })]);
    await jest.advanceTimersByTimeAsync(0);
    caller.abort(reason);
    await jest.advanceTimersByTimeAsync(0);
    expect(seen.refused).toEqual([reason]);
    await expect(pacer.admit(turn({ signal: caller.signal }))).rejects.toBe(reason);
    // Nobody is left, and neither is a timer.
    expect(pacer.waiting).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is refused at once when too many of the same connection wait, and another connection is not', async () => {
    const first = departures(pacer, many(5));
    await jest.advanceTimersByTimeAsync(0);
    const waiting = departures(pacer, many(256));
    await jest.advanceTimersByTimeAsync(0);
    expect([first.at.length, waiting.refused.length]).toEqual([5, 0]);
    const late = departures(pacer, [turn(), turn({ connection: 'other' })]);
    await jest.advanceTimersByTimeAsync(0);
    expect(late.refused).toMatchObject([{ code: 'provider_rate_limited' }]);
    await jest.advanceTimersByTimeAsync(2_600);
    expect(late.at).toHaveLength(1);
  });
});

it('counts what came of it, by integration', async () => {
  const caller = new AbortController();
  departures(pacer, [...many(7), turn({ signal: caller.signal }), turn({ deadline: performance.now() + 100 })]);
  await jest.advanceTimersByTimeAsync(10);
  caller.abort(new Error('hung up'));
  await jest.advanceTimersByTimeAsync(3_000);
  await pacer.hold(BASE, 1);
  expect(pacer.tallies).toEqual(new Map([['acme', { admitted: 7, waited: 4, refused: 1, held: 1 }]]));
});

it('keeps nobody waiting for a provider that is down', async () => {
  const seen = departures(pacer, [...many(6), turn({ lane: { ...BASE, integration: 'other', key: 'pace/other' } })]);
  await pacer.hold(baseOf('bob', 'appTwo'), 20);
  const held = departures(pacer, [turn({ lane: baseOf('bob', 'appThree') })]);
  await jest.advanceTimersByTimeAsync(10);
  const down = new Error('It is down.');
  pacer.sendAway('acme', () => down);
  await jest.advanceTimersByTimeAsync(0);
  expect([seen.at.length, seen.refused, held.refused]).toEqual([6, [down], [down]]);
  expect(jest.getTimerCount()).toBe(0);
});

describe('one huge load beside a small one', () => {
  it('takes every second turn and no more', async () => {
    const order: string[] = [];
    for (let call = 0; call < 200; call += 1) {
      void pacer.admit(turn({ connection: 'huge' })).then(
        () => order.push('huge'),
        () => undefined,
      );
    }
    await jest.advanceTimersByTimeAsync(1);
    const before = order.length;
    for (let call = 0; call < 10; call += 1) {
      void pacer.admit(turn({ connection: 'small' })).then(() => order.push('small'));
    }
    await jest.advanceTimersByTimeAsync(6_000);
    const small = order.slice(before).lastIndexOf('small') + 1;
    expect(order.filter((who) => who === 'small')).toHaveLength(10);
    expect(small).toBeLessThanOrEqual(21);
  });

  it('gets one turn for each page of a small one that comes page by page', async () => {
    let [hugeCalls, pages] = [0, 0];
    // It always has calls waiting.
    const hugeCall = async (): Promise<void> => {
      for (; pages < 40; hugeCalls += 1) await pacer.admit(turn({ connection: 'huge' })).catch(() => undefined);
    };
    const smallLoad = async (): Promise<void> => {
      for (; pages < 40; pages += 1) await pacer.admit(turn({ connection: 'small' }));
    };
    for (let call = 0; call < 64; call += 1) void hugeCall();
    await jest.advanceTimersByTimeAsync(5_000);
    const before = hugeCalls;
    void smallLoad();
    while (pages < 40) await jest.advanceTimersByTimeAsync(100);
    expect(hugeCalls - before).toBeLessThanOrEqual(41);
  });
});
