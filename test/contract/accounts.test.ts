import { describe, expect, it } from '@jest/globals';
import { registry } from '../../src/integrations/registry.ts';
import { loadWhole, streamWhole } from '../support/load-all.ts';
import { OWNER, startPatchbay } from '../support/patchbay.ts';
import { askingForAll } from './item-scopes.ts';

describe.each(registry.map(({ descriptor }) => descriptor))('An account of $name', (descriptor) => {
  it('may be empty, of whatever type, today and from its checkpoint on', async () => {
    const { name } = descriptor;
    // A workspace of Notion's has one user at the least: the connection's own bot.
    const itemTypes = descriptor.itemTypes.filter((itemType) => `${name} ${itemType}` !== 'notion user');
    const patchbay = await startPatchbay({ sandbox: { items: 0 } });
    try {
      const browser = patchbay.newBrowser();
      await browser.connect(name, { ...OWNER, ...askingForAll(descriptor) });
      const query = { ...OWNER, item_types: itemTypes };
      const { json } = await browser.post(`/integrations/${name}/load`, query);
      expect(json).toMatchObject({ items: [], next_cursor: null, complete: true, stale: false, failures: [] });
      const { checkpoint } = await streamWhole(browser, name, query);
      expect((await loadWhole(browser, name, { ...query, checkpoint })).items).toEqual([]);
    } finally {
      await patchbay.close();
    }
  });
});
