import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { WindowStore } from './fixtures/window-store.ts';
import { ARRIVAL_SPREAD_MS, paceLane, type PaceLane } from './pace.ts';
import { Pacer } from './pacer.ts';
import type { PaceTurn, PaceWait } from './waiter.ts';

const FIVE_A_SECOND = { limit: 5, windowMs: 1_000 };
const BASE = baseOf('ann', 'appOne');
const CALL_MS = 25_000;

let store: WindowStore;
let pacer: Pacer;
let warn: ReturnType<typeof muted>;

/** What would be said in the log. */
const muted = (level: 'warn' | 'log') => jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);

beforeEach(() => {
  jest.useFakeTimers();
  warn = muted('warn');
  muted('log');
  store = new WindowStore();
  pacer = new Pacer(store);
});

afterEach(() => {
  pacer.close();
  jest.useRealTimers();
  jest.restoreAllMocks();
});

function baseOf(account: string, base: string): PaceLane {
  const within = { resource: 'account', of: [account] };
  return paceLane('acme', { resource: 'base', of: [base], ...FIVE_A_SECOND, within });
}

function turn(changes: Partial<PaceTurn> = {}): PaceTurn {
  return { connection: 'c', load: '1', lane: BASE, deadline: performance.now() + CALL_MS, ...changes };
}

/** When each call went out, in ms from now, as they went; what is refused counts as never. */
function departures(by: Pacer, turns: readonly PaceTurn[]): { at: number[]; refused: unknown[] } {
  const startedAt = performance.now();
  const seen = { at: [] as number[], refused: [] as unknown[] };
  for (const one of turns) {
    by.admit(one).then(
      () => seen.at.push(performance.now() - startedAt),
      (error: unknown) => seen.refused.push(error),
    );
  }
  return seen;
}

function many(count: number, changes: Partial<PaceTurn> = {}): PaceTurn[] {
  return Array.from({ length: count }, () => turn(changes));
}

/** The most that went out within any second. */
function busiestSecond(at: readonly number[]): number {
  return Math.max(...at.map((from) => at.filter((one) => one >= from && one < from + 1_000).length));
}

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
    const arrivals = seen.at.map((at, call) => at + (call % 2 === 0 ? ARRIVAL_SPREAD_MS - 1 : 0));
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

describe('one huge load beside a small one', () => {
  /** Calls one after the other, as a load that reads page by page makes them. @returns ms they took */
  async function pages(count: number, changes: Partial<PaceTurn>): Promise<number> {
    const startedAt = performance.now();
    for (let page = 0; page < count; page += 1) await pacer.admit(turn(changes));
    return performance.now() - startedAt;
  }

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

  it('slows a small one that comes page by page down by no more than two and a half', async () => {
    const alone = pages(40, { connection: 'small' });
    await jest.advanceTimersByTimeAsync(20_000);
    const aloneMs = await alone;
    // The huge one always has calls waiting.
    let isOver = false;
    const hugeCall = async (): Promise<void> => {
      while (!isOver) await pacer.admit(turn({ connection: 'huge' })).catch(() => undefined);
    };
    for (let call = 0; call < 64; call += 1) void hugeCall();
    await jest.advanceTimersByTimeAsync(5_000);
    const beside = pages(40, { connection: 'small' });
    await jest.advanceTimersByTimeAsync(30_000);
    const besideMs = await beside;
    isOver = true;
    await jest.advanceTimersByTimeAsync(30_000);
    console.info(`40 pages: alone ${aloneMs.toFixed(0)} ms, beside a huge load ${besideMs.toFixed(0)} ms`);
    expect(besideMs / aloneMs).toBeLessThanOrEqual(2.5);
  });
});

describe('a lane that is held', () => {
  it('lets nothing through before its time on any replica, and everything after it', async () => {
    const other = new Pacer(store);
    await pacer.hold(BASE, 12);
    const seen = [departures(pacer, many(2)), departures(other, many(2))];
    await jest.advanceTimersByTimeAsync(11_999);
    expect(seen.flatMap(({ at }) => at)).toEqual([]);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(seen.map(({ at }) => at.length)).toEqual([2, 2]);
  });

  it('refuses at once who can’t wait for it', async () => {
    await pacer.hold(BASE, 30);
    const seen = [departures(pacer, many(2)), departures(new Pacer(store), many(2))];
    await jest.advanceTimersByTimeAsync(0);
    const refusal = { code: 'provider_rate_limited', details: { retry_after: 30 } };
    expect(seen.flatMap(({ refused }) => refused)).toMatchObject([refusal, refusal, refusal, refusal]);
  });

  it('stops those who wait already', async () => {
    const seen = departures(pacer, many(10));
    await jest.advanceTimersByTimeAsync(0);
    await pacer.hold(BASE, 20);
    await jest.advanceTimersByTimeAsync(19_990);
    expect(seen.at).toHaveLength(5);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(seen.at).toHaveLength(10);
  });

  it('holds whatever else is the account’s, and nothing that isn’t', async () => {
    const other = new Pacer(store);
    await pacer.hold(BASE, 10);
    const sameAccount = baseOf('ann', 'appTwo');
    const seen = [pacer, other].map((one) => departures(one, [turn({ lane: sameAccount })]));
    const foreign = departures(other, [turn({ lane: baseOf('bob', 'appTwo') })]);
    await jest.advanceTimersByTimeAsync(9_999);
    expect(seen.flatMap(({ at }) => at)).toEqual([]);
    expect(foreign.at).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(10);
    expect(seen.map(({ at }) => at.length)).toEqual([1, 1]);
  });

  it('asks the provider again every hour at the least', async () => {
    await pacer.hold(BASE, 1e9);
    const seen = departures(pacer, [turn({ deadline: performance.now() + 4_000_000 })]);
    await jest.advanceTimersByTimeAsync(3_600_000 + 10);
    expect(seen.at).toHaveLength(1);
  });
});

describe('while the store is away', () => {
  it('each process keeps to the limit by itself, holds too', async () => {
    store.isAway = true;
    const seen = departures(pacer, many(12));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(seen.at).toHaveLength(12);
    expect(busiestSecond(seen.at)).toBe(5);
    expect(pacer.isAlone).toBe(true);
    expect(warn).toHaveBeenCalledTimes(1);
    await pacer.hold(BASE, 10);
    const held = departures(pacer, many(1));
    await jest.advanceTimersByTimeAsync(9_990);
    expect(held.at).toEqual([]);
  });

  it('asks it now and then only, and comes back to it', async () => {
    store.isAway = true;
    const lane = paceLane('acme', { resource: 'account', of: ['a'], limit: 1_000, windowMs: 1_000 });
    for (let call = 0; call < 100; call += 1) await pacer.admit(turn({ lane }));
    expect(store.questions).toBe(1);
    store.isAway = false;
    await jest.advanceTimersByTimeAsync(500);
    await pacer.admit(turn({ lane }));
    expect(pacer.isAlone).toBe(false);
  });

  it('keeps to the limit when the store comes back having forgotten everything', async () => {
    const first = departures(pacer, many(5));
    await jest.advanceTimersByTimeAsync(100);
    store.forget();
    const second = departures(pacer, many(5));
    await jest.advanceTimersByTimeAsync(0);
    expect(first.at).toHaveLength(5);
    expect(second.at).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(second.at).toHaveLength(5);
  });
});
