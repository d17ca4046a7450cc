import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { StreamReader } from '../support/stream-reader.ts';
import { fault, ms } from './fault-row.ts';
import { errorsOf, longestSilence, StreamScene, UNHURRIED, waitsTold } from './stream-scene.ts';

/** Pages of both types, until something happens. */
const BEFORE = 10;
const LOOK_EVERY_MS = 20;

describe('A stream in the middle of which, for a while or for good,', () => {
  let scene: StreamScene;

  // For each its own: a token that is seconds old and refused isn't refreshed again.
  beforeEach(async () => {
    scene = await StreamScene.start();
  });
  afterEach(() => scene.close());

  /** The longest that nobody called the provider while the stream was open. */
  async function longestRest(reader: StreamReader): Promise<number> {
    let [calls, since, longest] = [await scene.calls(), performance.now(), 0];
    while (reader.end === undefined && !reader.wasCut) {
      await wait(LOOK_EVERY_MS);
      const now = await scene.calls();
      longest = Math.max(longest, performance.now() - since);
      if (now !== calls) [calls, since] = [now, performance.now()];
    }
    return longest;
  }

  for (const seconds of [5, 30])
    fault(
      `429 with Retry-After ${seconds} in the middle of a stream`,
      'waited out, told every second, 0 calls meanwhile, every item once',
      async (measured) => {
        await scene.sandbox.fault({ ...UNHURRIED, times: BEFORE });
        const refusal = { provider: 'hubspot', endpoint: '/crm', mode: 'status', status: 429, retry_after: seconds };
        await scene.sandbox.fault({ ...refusal, times: 1 });
        await scene.sandbox.fault(UNHURRIED);
        const reader = await scene.open();
        const restMs = await longestRest(reader);
        const told = waitsTold(reader);
        measured(
          `no call for ${(restMs / 1000).toFixed(1)} s; ${told.length} lines said so, silent for ${ms(longestSilence(reader))} at most`,
        );
        expect(await reader.ends()).toMatchObject({ complete: true, failures: [] });
        scene.expectAll(reader.items);
        // The calls that were on their way when it was said had their answers a little later.
        expect(restMs).toBeGreaterThan(seconds * 1000 - 500);
        for (const { at, waiting_in } of told) {
          const goesOnAt = at + Number(waiting_in) * 1000;
          expect(Math.abs(goesOnAt - (told[0]!.at + Number(told[0]!.waiting_in) * 1000))).toBeLessThan(2_500);
        }
        expect(told.filter(({ item_type }) => item_type === told[0]!.item_type).length).toBeGreaterThanOrEqual(
          seconds - 2,
        );
      },
      90_000,
    );

  fault('a token expires in the middle of a stream', 'refreshed once, nobody notices', async (measured) => {
    await scene.sandbox.fault(UNHURRIED);
    const reader = await scene.open();
    await reader.reads(500);
    await scene.sandbox.expire('hubspot', 'access');
    expect(await reader.ends()).toMatchObject({ complete: true, failures: [] });
    const { refreshes, rotated_token_reuse } = await scene.sandbox.stats('hubspot');
    measured(`${refreshes} refresh; no item for ${ms(reader.longestPauseMs)} at most`);
    expect({ refreshes, rotated_token_reuse }).toEqual({ refreshes: 1, rotated_token_reuse: 0 });
    scene.expectAll(reader.items);
  });

  fault(
    'the store is away when a token expires in the middle of a stream',
    'storage_unavailable at its end; the checkpoint has the rest',
    async (measured) => {
      await scene.sandbox.fault(UNHURRIED);
      const reader = await scene.open();
      await reader.reads(500);
      const other = new DatabaseSync(join(scene.patchbay.dataDir, 'patchbay.sqlite'));
      other.exec('BEGIN EXCLUSIVE');
      await reader.reads(800);
      const hadWithoutStore = reader.count;
      await scene.sandbox.expire('hubspot', 'access');
      const end = await reader.ends();
      other.exec('ROLLBACK');
      other.close();
      measured(`goes on without it (${hadWithoutStore} items) until the token ends; then ${errorsOf(end).join(', ')}`);
      expect([end.complete, errorsOf(end)]).toEqual([false, ['storage_unavailable']]);
      await scene.expectResumed(reader.items, end.checkpoint);
    },
  );

  fault(
    'a grant is withdrawn in the middle of a stream',
    'reauthorization_required at its end; after connecting again the checkpoint has the rest',
    async (measured) => {
      await scene.sandbox.fault(UNHURRIED);
      const reader = await scene.open();
      await reader.reads(500);
      await scene.sandbox.expire('hubspot', 'grant');
      const end = await reader.ends();
      measured(`${errorsOf(end).join(', ')} ${ms(reader.endedAt! - reader.stalledAt)} after the last item`);
      expect([end.complete, errorsOf(end)]).toEqual([false, ['reauthorization_required']]);
      await scene.connect();
      await scene.expectResumed(reader.items, end.checkpoint);
    },
  );
});
