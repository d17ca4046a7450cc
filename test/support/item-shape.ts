import { expect } from '@jest/globals';
import type { Item } from './load-all.ts';

const RFC3339_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

const MEMBERS = [
  ...['children', 'connection_id', 'creation_time', 'delta', 'directory', 'drive_id', 'id', 'integration'],
  ...['last_modified_time', 'mime_type', 'name', 'parent_id', 'parent_path_or_name', 'type', 'url', 'visibility'],
];

/** The one shape of all items: nothing missing, times RFC 3339, links that lead somewhere, and no "null" to read. */
export function expectItem(item: Item, integration: string): void {
  expect(Object.keys(item).sort()).toEqual([...MEMBERS].sort());
  expect(item).toMatchObject({ integration, directory: expect.any(Boolean), visibility: expect.any(Boolean) });
  expect(item.id).toMatch(/\S/);
  expect(String(item.name)).not.toMatch(/\bnull\b.*\bnull\b|undefined|\[object/);
  for (const time of [item['creation_time'], item['last_modified_time']]) {
    if (time !== null) expect(time).toMatch(RFC3339_UTC);
  }
  if (item['url'] !== null) expect(item['url']).toMatch(/^https?:\/\/\S+$/);
  expect([null, 'deleted']).toContain(item['delta']);
}
