import { beforeAll, describe, expect, it } from '@jest/globals';
import { registry } from '../../src/integrations/registry.ts';
import type { Browser } from '../support/http-browser.ts';
import { expectItem } from '../support/item-shape.ts';
import { loadAll, loadWhole, streamWhole, type Item } from '../support/load-all.ts';
import { OWNER, type RunningPatchbay } from '../support/patchbay.ts';
import { askingForAll } from './item-scopes.ts';

/**
 * Which types an item's parent may be of, by integration and type. `always`: every one has a parent. What stands below
 * something that isn't listed itself has none.
 */
const PARENTS: Readonly<Record<string, Readonly<Record<string, { of: readonly string[]; always?: true }>>>> = {
  airtable: {
    table: { of: ['base'], always: true },
    record: { of: ['table'], always: true },
    comment: { of: ['record', 'comment'], always: true },
  },
  notion: {
    page: { of: ['page', 'data_source', 'block'] },
    database: { of: ['page', 'block'] },
    data_source: { of: ['database'], always: true },
    block: { of: ['page', 'block'], always: true },
    comment: { of: ['page'], always: true },
  },
  hubspot: {
    contact: { of: ['company'] },
    deal: { of: ['company'] },
    ticket: { of: ['company'] },
    note: { of: ['contact', 'company', 'deal', 'ticket'] },
    task: { of: ['contact', 'company', 'deal', 'ticket'] },
    meeting: { of: ['contact', 'company', 'deal', 'ticket'] },
    call: { of: ['contact', 'company', 'deal', 'ticket'] },
  },
  slack: {
    message: { of: ['channel'], always: true },
    reply: { of: ['message'], always: true },
    file: { of: ['message', 'reply'], always: true },
  },
};

/** Which items there are, and what each tells of itself. */
export function describeItems(patchbay: () => RunningPatchbay): void {
  describe.each(registry.map(({ descriptor }) => descriptor))('The items of $name', (descriptor) => {
    const { name, itemTypes } = descriptor;
    let browser: Browser;
    /** Whole, by type. */
    const whole = new Map<string, readonly Item[]>();

    beforeAll(async () => {
      browser = patchbay().newBrowser();
      await browser.connect(name, { ...OWNER, ...askingForAll(descriptor) });
      for (const itemType of itemTypes) whole.set(itemType, await loadAll(browser, name, query(itemType, 1000)));
    });

    const query = (itemType: string, page_size?: number) => ({ ...OWNER, item_types: [itemType], page_size });
    const of = (itemType: string): readonly Item[] => whole.get(itemType) ?? [];
    const idsOf = (types: readonly string[]): Set<unknown> => new Set(types.flatMap(of).map(({ id }) => id));

    describe.each(itemTypes)('of type %s', (itemType) => {
      it('are loaded alone, each once', () => {
        expect(of(itemType).length).toBeGreaterThan(0);
        expect(new Set(of(itemType).map(({ type }) => type))).toEqual(new Set([itemType]));
        expect(idsOf([itemType]).size).toBe(of(itemType).length);
      });

      it('are the same in pages of 1 and 5, and in a stream', async () => {
        for (const pageSize of [1, 5])
          expect(await loadAll(browser, name, query(itemType, pageSize))).toEqual(of(itemType));
        const { items } = await streamWhole(browser, name, query(itemType));
        expect(items).toEqual(of(itemType));
      });

      it('have their one shape', () => {
        for (const item of of(itemType)) expectItem(item, name);
        expect(of(itemType).filter((item) => item.name !== null).length).toBeGreaterThan(0);
      });

      it('name parents that another load brings', () => {
        const parents = PARENTS[name]?.[itemType];
        const named = of(itemType).filter((item) => item['parent_id'] !== null);
        const known = idsOf(parents?.of ?? []);
        expect(named.filter((item) => !known.has(item['parent_id'])).map((item) => item['parent_id'])).toEqual([]);
        if (parents !== undefined) expect(named.length).toBeGreaterThan(0);
        if (parents?.always === true) expect(named.length).toBe(of(itemType).length);
      });
    });

    it('have ids that no other item of the connection has, whatever its type', () => {
      const ids = itemTypes.flatMap(of).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('name children that another load brings', () => {
      const known = idsOf(itemTypes);
      const children = itemTypes.flatMap(of).flatMap((item) => (item['children'] ?? []) as unknown[]);
      expect(children.filter((id) => !known.has(id))).toEqual([]);
    });

    it('are all in one load, by page and as a stream', async () => {
      const all = { ...OWNER, item_types: itemTypes };
      const paged = await loadWhole(browser, name, { ...all, page_size: 1000 });
      expect(paged.items).toEqual(itemTypes.flatMap(of));
      const { items } = await streamWhole(browser, name, all);
      for (const itemType of itemTypes) expect(items.filter(({ type }) => type === itemType)).toEqual(of(itemType));
    });
  });
}
