import { describe, expect, it } from '@jest/globals';
import { writeCount } from './counts.ts';
import { integrationsStrings } from './integrations.ts';

describe('writeCount', () => {
  const grouped = new Intl.NumberFormat(undefined, { numberingSystem: 'latn' });

  it.each([0, 1, 999, 1_000, 1_234_567, -1, 0.5])(
    'writes %d as the format does that is made for large ones only',
    (count) => {
      expect(writeCount(count)).toBe(grouped.format(count));
    },
  );
});

describe('What an integration reads', () => {
  const list = new Intl.ListFormat('en', { type: 'conjunction' });

  it.each([[['page']], [['page', 'database']], [['base', 'table', 'record']], [['a', 'b', 'c', 'd_e']]])(
    'is listed as English lists %j',
    (types) => {
      expect(integrationsStrings.reads(types)).toBe(`Reads ${list.format(types).replaceAll('_', ' ')} items`);
    },
  );
});
