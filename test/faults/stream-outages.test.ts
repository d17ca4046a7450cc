import { afterAll, beforeAll, expect } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../support/sandbox-control.ts';
import type { StreamReader } from '../support/stream-reader.ts';
import { describeInTheTable, fault } from './fault-row.ts';
import { errorsOf, longestSilence, StreamScene, waitsTold } from './stream-scene.ts';

const TIMEOUT_MS = 180_000;
/** Pages, of both types. */
const BEFORE = 12;
const DOWN_FOR_MS = 30_000;
const TOLD_WITHIN_MS = 120_000;
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

/** Rows that take a minute or two each: all begin at once, each with a service and a provider of its own. */
describeInTheTable('A stream in the middle of which (npm run test:faults)', () => {
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
      async (measured) => {
        const { scene, result } = await forGood[index]!;
        const { complete, loaded, checkpoint } = result.end!;
        const toldMs = result.endedAt! - result.stalledAt;
        measured(
          `ended after ${seconds(toldMs)} with ${errorsOf(result.end!).join(', ')}; silent for ${seconds(longestSilence(result))} at most`,
        );
        expect([complete, loaded > 0 && loaded < scene.all.length]).toEqual([false, true]);
        for (const told of errorsOf(result.end!)) expect([error, LEFT_ALONE]).toContain(told);
        expect(waitsTold(result).length).toBeGreaterThan(10);
        expect(toldMs).toBeLessThan(TOLD_WITHIN_MS);
        expect(toldMs).toBeGreaterThan(DOWN_FOR_MS);
        await scene.expectResumed(result.items, checkpoint);
      },
      TIMEOUT_MS,
    );

  fault(
    `a provider is down for 30 s in the middle of ${STREAMS} streams`,
    'each goes on by itself; every item once',
    async (measured) => {
      const { scene, result } = await restarted;
      const longest = Math.max(...result.map((reader) => longestSilence(reader)));
      measured(
        `${result.filter(({ end }) => end!.complete).length} of ${STREAMS} whole; silent for ${seconds(longest)}`,
      );
      for (const reader of result) {
        expect(reader.end).toMatchObject({ complete: true, failures: [] });
        scene.expectAll(reader.items);
      }
    },
    TIMEOUT_MS,
  );

  fault(
    'the token endpoint is gone when a token expires in the middle of a stream',
    'told by the second and ended in ≤ 120 s; the checkpoint has the rest',
    async (measured) => {
      const { scene, result } = await tokenGone;
      const toldMs = result.endedAt! - result.stalledAt;
      measured(`ended after ${seconds(toldMs)} with ${errorsOf(result.end!).join(', ')}`);
      longestSilence(result);
      expect(toldMs).toBeLessThan(TOLD_WITHIN_MS);
      await scene.expectResumed(result.items, result.end!.checkpoint);
    },
    TIMEOUT_MS,
  );

  fault(
    'the token endpoint is away for 10 s when a token expires in the middle of a stream',
    'goes on by itself; every item once',
    async (measured) => {
      const { scene, result } = await tokenAway;
      measured(`went on after ${seconds(result.longestPauseMs)}`);
      expect(result.end).toMatchObject({ complete: true, failures: [] });
      scene.expectAll(result.items);
    },
    TIMEOUT_MS,
  );
});
