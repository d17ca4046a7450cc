import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../support/sandbox-control.ts';
import type { StreamReader } from '../support/stream-reader.ts';
import { fault, type Report } from './fault-row.ts';
import { errorsOf, reportSilence, StreamScene, waitsTold } from './stream-scene.ts';

/** Pages, of both types. */
const BEFORE = 12;
const DOWN_FOR_MS = 30_000;
const TOLD_WITHIN_SECONDS = 120;
const STREAMS = 16;

interface Outage {
  readonly what: string;
  readonly fault: Omit<Fault, 'provider'>;
  readonly error: string;
}

interface Played<T> {
  readonly scene: StreamScene;
  readonly result: T;
}

const FOR_GOOD: readonly Outage[] = [
  { what: 'resets every connection', fault: { endpoint: 'api', mode: 'reset' }, error: 'provider_unavailable' },
  { what: 'answers 500', fault: { endpoint: 'api', mode: 'status', status: 500 }, error: 'provider_error' },
  { what: 'cuts its JSON short', fault: { endpoint: 'api', mode: 'truncate' }, error: 'provider_protocol_error' },
  { what: 'doesn’t answer', fault: { endpoint: 'api', mode: 'hang' }, error: 'provider_timeout' },
];
/** Once its circuit is open, that is what is told. */
const LEFT_ALONE = 'provider_unavailable';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** An outage is waited out for a while, and not for ever. */
function reportEnd(report: Report, { endedAt, stalledAt }: StreamReader): void {
  const waited = (endedAt! - stalledAt) / 1000;
  report.atMost('ended after', waited, TOLD_WITHIN_SECONDS, 's');
  report.atLeast('ended after', waited, DOWN_FOR_MS / 1000, 's');
}

/** Rows that take a minute or two each: all begin at once, each with a service and a provider of its own. */
describe('A stream in the middle of which', () => {
  const begun: Promise<StreamScene>[] = [];
  const beginning = <T>(run: (scene: StreamScene) => Promise<T>): Promise<Played<T>> => {
    const scene = StreamScene.start();
    begun.push(scene);
    const ended = scene.then(async (one) => ({ scene: one, result: await run(one) }));
    // Looked at in its row.
    ended.catch(() => undefined);
    return ended;
  };
  let forGood: Promise<Played<StreamReader>>[];
  let restarted: Promise<Played<readonly StreamReader[]>>;
  let tokenGone: Promise<Played<StreamReader>>;
  let tokenAway: Promise<Played<StreamReader>>;

  beforeAll(() => {
    forGood = FOR_GOOD.map(({ fault: failing }) =>
      beginning(async (scene) => {
        await scene.failAfter(BEFORE, failing);
        const reader = await scene.open();
        await reader.ends();
        return reader;
      }),
    );
    restarted = beginning(async (scene) => {
      await scene.failAfter(STREAMS * BEFORE, { endpoint: 'api', mode: 'reset' });
      const readers = await Promise.all(Array.from({ length: STREAMS }, () => scene.open()));
      await Promise.any(readers.map((reader) => reader.stalls()));
      await wait(DOWN_FOR_MS);
      await scene.sandbox.clearFaults();
      await Promise.all(readers.map((reader) => reader.ends()));
      return readers;
    });
    const tokenEndpointFails = (thenBackAfterMs: number | undefined) => async (scene: StreamScene) => {
      await scene.sandbox.fault({ provider: 'hubspot', endpoint: 'token', mode: 'reset' });
      await scene.sandbox.fault({ provider: 'hubspot', endpoint: '/crm', mode: 'slow', delay_ms: 50, times: BEFORE });
      await scene.sandbox.fault({ provider: 'hubspot', endpoint: '/crm', mode: 'status', status: 401 });
      const reader = await scene.open();
      await reader.stalls();
      if (thenBackAfterMs !== undefined) {
        await wait(thenBackAfterMs);
        await scene.sandbox.clearFaults();
        await scene.sandbox.expire('hubspot', 'access');
      }
      await reader.ends();
      return reader;
    };
    tokenGone = beginning(tokenEndpointFails(undefined));
    tokenAway = beginning(tokenEndpointFails(10_000));
  });
  afterAll(async () => {
    for (const scene of await Promise.all(begun)) await scene.close();
  });

  for (const [index, { what, error }] of FOR_GOOD.entries())
    fault(
      `a provider ${what} in the middle of a stream, for good`,
      'told by the second and ended in ≤ 120 s; the checkpoint has the rest',
      async (report) => {
        const { scene, result } = await forGood[index]!;
        const { complete, loaded, checkpoint } = result.end!;
        const told = waitsTold(result);
        report.say(`ended with ${errorsOf(result.end!).join(', ')}`);
        reportEnd(report, result);
        reportSilence(report, [result]);
        report.atLeast('lines that say so', told.length, 10, '');
        expect([complete, loaded > 0 && loaded < scene.all.length]).toEqual([false, true]);
        for (const ended of errorsOf(result.end!)) expect([error, LEFT_ALONE]).toContain(ended);
        expect(told.length).toBeGreaterThan(0);
        await scene.expectResumed(result.items, checkpoint);
      },
    );

  fault(
    `a provider is down for 30 s in the middle of ${STREAMS} streams`,
    'each goes on by itself; every item once',
    async (report) => {
      const { scene, result } = await restarted;
      report.say(`${result.filter(({ end }) => end!.complete).length} of ${STREAMS} whole`);
      reportSilence(report, result);
      for (const reader of result) {
        expect(reader.end).toMatchObject({ complete: true, failures: [] });
        scene.expectAll(reader.items);
      }
    },
  );

  fault(
    'the token endpoint is gone when a token expires in the middle of a stream',
    'told by the second and ended in ≤ 120 s; the checkpoint has the rest',
    async (report) => {
      const { scene, result } = await tokenGone;
      report.say(`ended with ${errorsOf(result.end!).join(', ')}`);
      reportEnd(report, result);
      reportSilence(report, [result]);
      expect([result.end!.complete, result.end!.loaded < scene.all.length]).toEqual([false, true]);
      await scene.expectResumed(result.items, result.end!.checkpoint);
    },
  );

  fault(
    'the token endpoint is away for 10 s when a token expires in the middle of a stream',
    'goes on by itself; every item once',
    async (report) => {
      const { scene, result } = await tokenAway;
      report.say(`went on after ${seconds(result.longestPauseMs)}`);
      expect(result.end).toMatchObject({ complete: true, failures: [] });
      scene.expectAll(result.items);
    },
  );
});
