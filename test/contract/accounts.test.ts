import { describe, expect, it } from '@jest/globals';
import { registry } from '../../src/integrations/registry.ts';
import { OWNER, startPatchbay } from '../support/patchbay.ts';

describe.each(registry.map(({ descriptor }) => descriptor))('An account of $name', (descriptor) => {
  it('may be empty', async () => {
    const patchbay = await startPatchbay({ sandbox: { items: 0 } });
    try {
      const browser = patchbay.newBrowser();
      await browser.connect(descriptor.name, OWNER);
      const answer = await browser.post(`/integrations/${descriptor.name}/load`, OWNER);
      expect(answer.json).toMatchObject({ items: [], next_cursor: null, complete: true, stale: false, failures: [] });
    } finally {
      await patchbay.close();
    }
  });
});
