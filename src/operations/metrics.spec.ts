import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Metrics } from './metrics.ts';

describe('Numbers that are read when they are asked for', () => {
  it('are the same for two who ask at once, and those that are gone are gone', async () => {
    const metrics = new Metrics();
    let keys = ['old', 'new'];
    const read = async () => {
      await turn();
      return keys.map((key) => [{ key }, 3] as const);
    };
    metrics.counts('kept_total', 'Kept elsewhere.', ['key'], read);
    metrics.gauges('kept', 'Kept elsewhere.', ['key'], read);
    for (const text of await Promise.all([metrics.registry.metrics(), metrics.registry.metrics()])) {
      for (const name of ['kept_total', 'kept']) expect(text).toContain(`${name}{key="old"} 3\n${name}{key="new"} 3\n`);
    }
    keys = ['new'];
    expect(await metrics.registry.metrics()).not.toContain('old');
  });
});
