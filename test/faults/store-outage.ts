import { expect } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { OWNER } from '../support/patchbay.ts';
import { median, ms, timed, type Measured } from './fault-row.ts';
import { Probes } from './probes.ts';
import type { ServiceProcess } from './service.ts';

const ROUNDS = 10;
const AT_ONCE = 4;
/** The contract. What an idle request takes in the same run is added, for a machine that has other things to do. */
const REFUSED_WITHIN_MS = 300;
const NEVER_LONGER_THAN_MS = 1_000;
const RECOVERED_WITHIN_MS = 2_000;
/** Requests that were answered before we look at what the slowest of them takes. */
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

const list = (browser: Browser): Promise<Answer> =>
  browser.get(`/connections?${new URLSearchParams(OWNER).toString()}`);

async function many(ask: () => Promise<Answer>, rounds: number) {
  const all: { readonly tookMs: number; readonly answer: Answer }[] = [];
  for (let round = 0; round < rounds; round += 1)
    all.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => timed(ask)))));
  return all;
}

/** Takes a service's store away and gives it back, while requests and probes go on, and holds it to the contract. */
export async function surviveOutage(
  service: ServiceProcess,
  browser: Browser,
  outage: Outage,
  measured: Measured,
): Promise<void> {
  const ask = () => (outage.ask ?? list)(browser);
  const isBack = outage.isBack ?? (async () => (await ask()).status < 300);
  await eventually(isBack, (is) => is);
  const idle = (await many(ask, IDLE_REQUESTS / AT_ONCE)).map(({ tookMs }) => tookMs);
  const probes = new Probes(service.url);
  // Some are under way when it happens.
  const struck = many(ask, 1);
  await outage.begin();
  const during = [...(await struck), ...(await many(ask, ROUNDS))];
  const seenFrom = probes.ready.length;
  await eventually(
    () => probes.ready.length,
    (seen) => seen >= seenFrom + 5,
  );
  const readyDuring = probes.ready.slice(seenFrom);
  await outage.end();
  const { tookMs: recoveredMs } = await timed(() => eventually(isBack, (is) => is));
  const { tookMs: readyMs } = await timed(() =>
    eventually(
      () => probes.ready.at(-1)?.status,
      (status) => status === 200,
    ),
  );
  await probes.stop();

  const refused = during.filter(({ answer }) => answer.status >= 300);
  const times = (refused.length === 0 ? during : refused).map(({ tookMs }) => tookMs);
  const longest = Math.max(...during.map(({ tookMs }) => tookMs), ...probes.ready.map(({ tookMs }) => tookMs));
  const dead = probes.live.filter(({ status }) => status !== 200).length;
  measured(
    `${refused.length} of ${during.length} refused, in ${ms(median(times))} (idle ${ms(median(idle))}), longest ${ms(longest)}`,
  );
  measured(`back after ${ms(recoveredMs)}, ready after ${ms(recoveredMs + readyMs)}`);
  measured(`${dead} of ${probes.live.length} liveness probes failed`);
  for (const { answer } of refused)
    expect([answer.status, answer.json['error'], answer.headers.get('retry-after')]).toEqual([
      503,
      'storage_unavailable',
      '2',
    ]);
  if (outage.mayServe !== true) {
    expect(refused.length).toBeGreaterThanOrEqual(during.length - AT_ONCE);
    expect(median(times)).toBeLessThanOrEqual(REFUSED_WITHIN_MS + median(idle));
    expect(readyDuring.map(({ status }) => status)).toEqual(readyDuring.map(() => 503));
  }
  expect(longest).toBeLessThanOrEqual(NEVER_LONGER_THAN_MS + Math.max(...idle));
  expect(recoveredMs + readyMs).toBeLessThanOrEqual(RECOVERED_WITHIN_MS + Math.max(...idle));
  expect(dead).toBe(0);
}
