import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fault, longFault, ms } from './fault-row.ts';
import { ProviderRequests } from './provider-requests.ts';
import { errorsOf, reportSilence, StreamScene, UNHURRIED, waitsTold } from './stream-scene.ts';

/** Pages of both types, until something happens. */
const BEFORE = 10;
/** Calls that may reach the provider after the one that it refuses: the other item type's. */
const ON_THEIR_WAY = 1;

describe('A stream in the middle of which, for a while or for good,', () => {
  let scene: StreamScene;

  // For each its own: a token that is seconds old and refused isn't refreshed again.
  beforeEach(async () => {
    scene = await StreamScene.start();
  });
  afterEach(() => scene.close());

  for (const seconds of [5, 30])
    (seconds > 10 ? longFault : fault)(
      `429 with Retry-After ${seconds} in the middle of a stream`,
      'waited out, told every second, 0 calls meanwhile, every item once',
      async (report) => {
        await scene.sandbox.fault({ ...UNHURRIED, times: BEFORE });
        const refusal = { provider: 'hubspot', endpoint: '/crm', mode: 'status', status: 429, retry_after: seconds };
        await scene.sandbox.fault({ ...refusal, times: 1 });
        await scene.sandbox.fault(UNHURRIED);
        const requests = new ProviderRequests('/hubspot/crm');
        const reader = await scene.open();
        expect(await reader.ends()).toMatchObject({ complete: true, failures: [] });
        requests.end();
        scene.expectAll(reader.items);

        const refusedAt = requests.times[BEFORE]!;
        const early = requests.times.filter((time) => time > refusedAt && time < refusedAt + 1_000 * seconds);
        expect(early.length).toBeLessThanOrEqual(ON_THEIR_WAY);
        const told = waitsTold(reader).filter(({ item_type }, _at, [first]) => item_type === first!.item_type);
        const left = told.map(({ waiting_in }) => Number(waiting_in));
        expect(left).toEqual(left.toSorted((a, b) => b - a));
        expect(left[0]).toBeLessThanOrEqual(seconds);
        report.say(`${early.length} calls that were on their way`);
        report.atLeast('lines that say so', told.length, seconds - 2, '');
        reportSilence(report, [reader]);
      },
    );

  fault('a token expires in the middle of a stream', 'refreshed once, nobody notices', async (report) => {
    await scene.sandbox.fault(UNHURRIED);
    const reader = await scene.open();
    await reader.reads(500);
    await scene.sandbox.expire('hubspot', 'access');
    expect(await reader.ends()).toMatchObject({ complete: true, failures: [] });
    const { refreshes, rotated_token_reuse } = await scene.sandbox.stats('hubspot');
    report.say(`${refreshes} refresh; no item for ${ms(reader.longestPauseMs)} at most`);
    expect({ refreshes, rotated_token_reuse }).toEqual({ refreshes: 1, rotated_token_reuse: 0 });
    scene.expectAll(reader.items);
  });

  fault(
    'the store is away when a token expires in the middle of a stream',
    'storage_unavailable at its end; the checkpoint has the rest',
    async (report) => {
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
      report.say(
        `goes on without it (${hadWithoutStore} items) until the token ends; then ${errorsOf(end).join(', ')}`,
      );
      expect([end.complete, errorsOf(end)]).toEqual([false, ['storage_unavailable']]);
      await scene.expectResumed(reader.items, end.checkpoint);
    },
  );

  fault(
    'a grant is withdrawn in the middle of a stream',
    'reauthorization_required at its end; after connecting again the checkpoint has the rest',
    async (report) => {
      await scene.sandbox.fault(UNHURRIED);
      const reader = await scene.open();
      await reader.reads(500);
      await scene.sandbox.expire('hubspot', 'grant');
      const end = await reader.ends();
      report.say(`${errorsOf(end).join(', ')} ${ms(reader.endedAt! - reader.stalledAt)} after the last item`);
      expect([end.complete, errorsOf(end)]).toEqual([false, ['reauthorization_required']]);
      await scene.connect();
      await scene.expectResumed(reader.items, end.checkpoint);
    },
  );
});
