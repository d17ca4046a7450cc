import { expect } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { OWNER } from '../support/patchbay.ts';
import { median, timed, type Report } from './fault-row.ts';
import { Probes } from './probes.ts';
import type { ServiceProcess } from './service.ts';

const ROUNDS = 5;
const AT_ONCE = 4;
const PROBES = 5;
/** The contract. What an idle request takes in the same run is added. */
const REFUSED_WITHIN_MS = 300;
const NEVER_LONGER_THAN_MS = 1_000;
const RECOVERED_WITHIN_MS = 2_000;
/** Requests that measure an idle service. */
const IDLE_REQUESTS = 40;

export const TARGET = 'typed 503 in ≤ 300 ms, 0 hangs > 1 s, back in ≤ 2 s by itself';

export interface Outage {
  readonly begin: () => unknown;
  readonly end: () => unknown;
  /** Whether requests may also be served, as by a store that is merely slow. Default: no. */
  readonly mayServe?: boolean;
  /** What is asked meanwhile. Default: a list, which most faults keep from its caller. */
  readonly ask?: (browser: Browser) => Promise<Answer>;
  /** How to know that it serves again. Default: the same browser is answered. */
  readonly isBack?: () => Promise<boolean>;
}

interface Asked {
  readonly tookMs: number;
  readonly answer: Answer;
}

const list = (browser: Browser): Promise<Answer> =>
  browser.get(`/connections?${new URLSearchParams(OWNER).toString()}`);

async function many(ask: () => Promise<Answer>, rounds: number): Promise<readonly Asked[]> {
  const all: Asked[] = [];
  for (let round = 0; round < rounds; round += 1)
    all.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => timed(ask)))));
  return all;
}

/** Takes a service's store away and gives it back, while requests and probes go on, and holds it to the contract. */
export async function surviveOutage(
  service: ServiceProcess,
  browser: Browser,
  outage: Outage,
  report: Report,
): Promise<void> {
  const ask = () => (outage.ask ?? list)(browser);
  const isBack = outage.isBack ?? (async () => (await ask()).status < 300);
  await eventually(isBack, (is) => is);
  const idle = (await many(ask, IDLE_REQUESTS / AT_ONCE)).map(({ tookMs }) => tookMs);
  const probes = new Probes(service.url);
  try {
    // Some requests are under way when the outage begins.
    const struck = many(ask, 1);
    await outage.begin();
    const { all, unreadyMs } = await (outage.mayServe === true ? served : refused)(ask, probes);
    const during = [...(await struck), ...all];
    await outage.end();
    const { tookMs: recoveredMs } = await timed(() => eventually(isBack, (is) => is));
    const { tookMs: readyMs } = await timed(() => probes.next(({ status }) => status === 200));

    const refusals = during.filter(({ answer }) => answer.status >= 300);
    const times = (refusals.length === 0 ? during : refusals).map(({ tookMs }) => tookMs);
    const longest = Math.max(...during.map(({ tookMs }) => tookMs), ...probes.ready.map(({ tookMs }) => tookMs));
    const dead = probes.live.filter(({ status }) => status !== 200).length;
    report.say(
      `${refusals.length} of ${during.length} refused, ${dead} of ${probes.live.length} liveness probes failed`,
    );
    if (outage.mayServe !== true) {
      report.atMost('refused in', median(times), Math.ceil(REFUSED_WITHIN_MS + median(idle)));
      report.atMost('unready after', unreadyMs, Math.ceil(NEVER_LONGER_THAN_MS + Math.max(...idle)));
    }
    report.atMost('longest', longest, Math.ceil(NEVER_LONGER_THAN_MS + Math.max(...idle)));
    report.atMost('ready again after', recoveredMs + readyMs, Math.ceil(RECOVERED_WITHIN_MS + Math.max(...idle)));
    for (const { answer } of refusals)
      expect([answer.status, answer.json['error'], answer.headers.get('retry-after')]).toEqual([
        503,
        'storage_unavailable',
        '2',
      ]);
    expect(dead).toBe(0);
  } finally {
    await probes.stop();
  }
}

interface Endured {
  readonly all: readonly Asked[];
  readonly unreadyMs: number;
}

async function served(ask: () => Promise<Answer>): Promise<Endured> {
  return { all: await many(ask, ROUNDS), unreadyMs: 0 };
}

/**
 * The service may take a moment to notice the outage: a readiness probe counts a write that is up to 200 ms old as good.
 * Once it has, every request is refused and every probe says so.
 */
async function refused(ask: () => Promise<Answer>, probes: Probes): Promise<Endured> {
  const { tookMs: unreadyMs } = await timed(async () => {
    await eventually(ask, ({ status }) => status >= 300);
    await probes.next(({ status }) => status === 503);
  });
  const seenFrom = probes.ready.length;
  const all = await many(ask, ROUNDS);
  await eventually(
    () => probes.ready.length,
    (seen) => seen >= seenFrom + PROBES,
  );
  const readiness = probes.ready.slice(seenFrom).map(({ status }) => status);
  expect(all.map(({ answer }) => answer.status)).toEqual(all.map(() => 503));
  expect(readiness).toEqual(readiness.map(() => 503));
  return { all, unreadyMs };
}
