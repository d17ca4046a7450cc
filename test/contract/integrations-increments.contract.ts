import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { registry } from '../../src/integrations/registry.ts';
import { onlyTheDateIsFake } from '../support/fake-date.ts';
import type { Browser } from '../support/http-browser.ts';
import { loadWhole, streamWhole, type Item, type WholeLoad } from '../support/load-all.ts';
import { OWNER, type RunningPatchbay } from '../support/patchbay.ts';
import { askingForAll } from './item-scopes.ts';

/** The sandbox's data never changes; it has a past instead. By then all of it has happened. */
const AFTER_ALL = Date.UTC(2026, 9, 31, 12);

/** A clock may be ahead of the provider's by this much when a load begins. */
const SKEW_MS = 5 * 60_000;

/** Where the provider tells when something was made, and not that it was edited. */
const EDITS_UNSEEN: ReadonlySet<string> = new Set(['slack message', 'slack reply', 'slack file']);

interface Connected {
  readonly owner: { readonly user_id: string; readonly org_id: string };
  readonly browser: Browser;
  readonly load: WholeLoad;
}

/** What a load since a time or a checkpoint brings. */
export function describeIncrements(patchbay: () => RunningPatchbay): void {
  afterEach(() => void jest.useRealTimers());

  describe.each(registry.map(({ descriptor }) => descriptor))('What changed in $name', (descriptor) => {
    const { name, itemTypes } = descriptor;
    /** Connected after all has happened, with everything loaded. */
    let latest: Connected;
    let count = 0;

    beforeAll(async () => {
      latest = await connectedAt(AFTER_ALL, { item_types: itemTypes, page_size: 1000 });
      jest.useRealTimers();
    });

    /** Connects an account for a new owner, and loads it, at that time. */
    async function connectedAt(time: number, query: Record<string, unknown>): Promise<Connected> {
      onlyTheDateIsFake(time);
      const owner = { ...OWNER, user_id: `${name}-${(count += 1)}` };
      const browser = patchbay().newBrowser();
      await browser.connect(name, { ...owner, ...askingForAll(descriptor) });
      const asked = { ...owner, ...query };
      return { owner, browser, load: await loadWhole(browser, name, asked) };
    }

    /** The same person, later: with a session of its own. */
    function laterAt(time: number): Browser {
      jest.useRealTimers();
      onlyTheDateIsFake(time);
      return patchbay().newBrowser();
    }

    describe.each(itemTypes)('in items of type %s', (itemType) => {
      const { foundBy, showsDeletions, lagSeconds } = descriptor.changes[itemType] ?? { lagSeconds: Number.NaN };
      const query = { item_types: [itemType], page_size: 1000 };
      const allLatest = (): Item[] => latest.load.items.filter(({ type }) => type === itemType);

      /** Of everything there is: nothing known to be older than the first time, and all that changed after the second. */
      function expectChanges(next: WholeLoad, all: readonly Item[], from: number, after = from): void {
        expect(next.changes).toEqual([{ item_type: itemType, found_by: foundBy, deletions: showsDeletions }]);
        const ids = new Set(next.items.map(({ id }) => id));
        expect(ids.size).toBe(next.items.length);
        expect(next.items.filter((item) => !mayBeSince(item, from))).toEqual([]);
        const changed = all.filter((item) => isKnownSince(item, after, `${name} ${itemType}`));
        expect(changed.filter(({ id }) => !ids.has(id))).toEqual([]);
        // What else there is was deleted meanwhile.
        const known = new Set(all.map(({ id }) => id));
        for (const item of next.items.filter(({ id }) => !known.has(id))) {
          const gone = { delta: 'deleted', visibility: false };
          expect([showsDeletions, item]).toEqual([true, expect.objectContaining(gone)]);
        }
        if (foundBy === 'nobody') expect(next.items).toEqual(all);
        else expect(all.filter(({ id }) => ids.has(id)).length).toBeLessThan(all.length);
      }

      it('is brought from the checkpoint of a whole load, and nothing that is known to be older', async () => {
        const beganAt = middleOf(allLatest());
        const { owner, load } = await connectedAt(beganAt, query);
        expect(load.changes).toEqual([]);

        const browser = laterAt(AFTER_ALL);
        const { checkpoint } = load;
        const next = await loadWhole(browser, name, { ...owner, ...query, checkpoint });
        expectChanges(next, load.items, beganAt - lagSeconds * 1000 - SKEW_MS, beganAt);
        const inPages = await loadWhole(browser, name, { ...owner, ...query, page_size: 3, checkpoint });
        const streamed = await streamWhole(browser, name, { ...owner, item_types: [itemType], checkpoint });
        for (const { items, changes } of [inPages, streamed])
          expect([items, changes]).toEqual([next.items, next.changes]);
      });

      it('is brought since a time that is asked for, and nothing that is known to be older', async () => {
        const since = middleOf(allLatest());
        onlyTheDateIsFake(AFTER_ALL);
        const { owner, browser } = latest;
        const modified_since = new Date(since).toISOString();
        const asked = await loadWhole(browser, name, { ...owner, ...query, modified_since });
        expectChanges(asked, allLatest(), since);
        const streamed = await streamWhole(browser, name, { ...owner, item_types: [itemType], modified_since });
        expect([streamed.items, streamed.changes]).toEqual([asked.items, asked.changes]);
      });

      it('is nothing once it was loaded, but for what has no time of change or of deletion', async () => {
        onlyTheDateIsFake(AFTER_ALL);
        const { owner } = latest;
        const load = await loadWhole(latest.browser, name, { ...owner, ...query });
        const browser = laterAt(AFTER_ALL + 3_600_000);
        const first = await loadWhole(browser, name, { ...owner, ...query, checkpoint: load.checkpoint });
        const dated = first.items.filter((item) => item['last_modified_time'] !== null && item['delta'] === null);
        expect(dated).toEqual([]);
        const second = await loadWhole(browser, name, { ...owner, ...query, checkpoint: first.checkpoint });
        expect(second.items).toEqual(first.items);
        const streamed = await streamWhole(browser, name, {
          ...owner,
          item_types: [itemType],
          checkpoint: second.checkpoint,
        });
        expect(streamed.items).toEqual(first.items);
      });
    });
  });
}

const timeOf = (item: Item, member: string): number => Date.parse(String(item[member]));

/** When half of them had changed. */
function middleOf(items: readonly Item[]): number {
  const times = items.map((item) => timeOf(item, 'last_modified_time')).filter((time) => !Number.isNaN(time));
  times.sort((one, other) => one - other);
  return times[Math.floor(times.length / 2)] ?? AFTER_ALL - 86_400_000;
}

/** A time on the full minute stands for the whole minute; when something was deleted is told nowhere. */
function mayBeSince(item: Item, since: number): boolean {
  const time = timeOf(item, 'last_modified_time');
  return Number.isNaN(time) || item['delta'] !== null || (time % 60_000 === 0 ? time + 59_999 : time) >= since;
}

function isKnownSince(item: Item, since: number, type: string): boolean {
  const made = timeOf(item, 'creation_time') >= since;
  return made || (!EDITS_UNSEEN.has(type) && timeOf(item, 'last_modified_time') >= since);
}
