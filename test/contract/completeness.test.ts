import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registry } from '../../src/integrations/registry.ts';
import { loadAll } from '../support/load-all.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { askingForAll } from './item-scopes.ts';
import { LISTED_BY_SDK } from './sdk-listings.ts';

/** More than one page of any provider's, of whatever has pages. */
const ITEMS = 430;
const AIRTABLE = { basesPageSize: 5, bases: 12, tablesPerBase: 2, recordsPerTable: 110 };

describe('A load', () => {
  let patchbay: RunningPatchbay;
  beforeAll(async () => {
    patchbay = await startPatchbay({ sandbox: { items: ITEMS, airtable: AIRTABLE } });
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
        const items = await loadAll(browser, name, { ...OWNER, item_types: [itemType], page_size: 1000 });
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
    120_000,
  );
});
