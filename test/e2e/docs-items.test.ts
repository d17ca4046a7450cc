import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registry } from '../../src/integrations/registry.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');
const text = readFileSync(join(DOCS, 'items.md'), 'utf8');

interface TypeRow {
  readonly isDefault: boolean;
  readonly foundBy: string;
  readonly showsDeletions: boolean;
}

/** The rows of the table of types, by integration and type; the integration stands in its first row. */
const rows = new Map<string, TypeRow>();
let displayName = '';
for (const line of text.split('\n').filter((one) => one.startsWith('|'))) {
  const [name = '', types = '', , foundBy = '', deletions = ''] = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  if (foundBy === '') continue;
  displayName = name === '' ? displayName : name;
  for (const [, mark = '', type = ''] of types.matchAll(/(\**)`(\w+)`/g)) {
    const row = { isDefault: mark === '**', foundBy: foundBy.split(',')[0]?.toLowerCase() ?? '' };
    rows.set(`${displayName} ${type}`, { ...row, showsDeletions: deletions !== '–' });
  }
}

describe('The document of items', () => {
  it('says of every type whether it is a default, and what is seen of its changes', () => {
    const known = registry.flatMap(({ descriptor }) =>
      descriptor.itemTypes.map((itemType) => {
        const { foundBy, showsDeletions } = descriptor.changes[itemType] ?? {};
        const isDefault = descriptor.defaultItemTypes.includes(itemType);
        return [`${descriptor.displayName} ${itemType}`, { isDefault, foundBy, showsDeletions }] as const;
      }),
    );
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(known));
  });

  it('leads to one for every integration, with every type in it', () => {
    for (const { descriptor } of registry) {
      const { name, itemTypes } = descriptor;
      expect(text).toContain(`(items/${name}.md)`);
      expect(existsSync(join(DOCS, 'items', `${name}.md`))).toBe(true);
      const own = readFileSync(join(DOCS, 'items', `${name}.md`), 'utf8');
      expect(itemTypes.filter((itemType) => !own.includes(itemType))).toEqual([]);
    }
  });
});
