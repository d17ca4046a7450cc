import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registry } from '../../src/integrations/registry.ts';
import { loadAll } from '../support/load-all.ts';
import { LONG_DEADLINES, OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { askingForAll } from './item-scopes.ts';
import { LISTED_BY_SDK } from './sdk-listings.ts';

/** A page of a load asks a provider for at most so many items. */
const PAGE_SIZE = 100;
/** More than one page of everything that has pages. */
const ITEMS = 130;
const AIRTABLE = { basesPageSize: 2, bases: 3, tablesPerBase: 2, recordsPerTable: 105 };

describe('A load', () => {
  let patchbay: RunningPatchbay;
  beforeAll(async () => {
    patchbay = await startPatchbay({ sandbox: { items: ITEMS, airtable: AIRTABLE }, deadlines: LONG_DEADLINES });
  });
  afterAll(() => patchbay.close());

  it.each(registry.map(({ descriptor }) => descriptor))(
    'brings all that the provider’s own SDK lists of $name, and nothing twice',
    async (descriptor) => {
      const { name, itemTypes } = descriptor;
      const listed = await LISTED_BY_SDK[name]?.(patchbay.sandbox);
      const browser = patchbay.newBrowser();
      await browser.connect(name, { ...OWNER, ...askingForAll(descriptor) });
      for (const itemType of itemTypes) {
        const items = await loadAll(browser, name, { ...OWNER, item_types: [itemType], page_size: PAGE_SIZE });
        const ids = new Set(items.map(({ id }) => id));
        const expected = listed?.[itemType] ?? [];
        const missing = expected.filter((id) => !ids.has(id));
        const known = new Set(expected);
        const extra = [...ids].filter((id) => !known.has(id));
        expect({ itemType, missing, extra }).toEqual({ itemType, missing: [], extra: [] });
        expect([ids.size, items.length]).toEqual([expected.length, expected.length]);
        expect(items.length).toBeGreaterThan(0);
      }
    },
  );
});
