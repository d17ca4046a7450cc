import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument } from '../support/answer-validator.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(ROOT, 'docs', 'threat-model.md'), 'utf8');

/** Each file that is cited, with the parts of titles that follow it. */
const citations = [...text.matchAll(/`((?:src|test)\/[\w./-]+\.(?:spec|test|suite)\.ts)`((?:,? “[^”]+”)+)/g)].flatMap(
  ([, file = '', titles = '']) => [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ file, title })),
);

describe('The threat model', () => {
  it.each(citations)('cites a test that is there: $file, $title', ({ file, title }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(readFileSync(join(ROOT, file), 'utf8')).toContain(title);
  });

  it('has a row for every endpoint, with a test', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    const endpoints = Object.entries(readDocument().paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `\`${method.toUpperCase()} ${generalised(path)}\``),
    );
    const untold = endpoints.filter(
      (name) => !rows.some((row) => row.includes(name) && /\.(?:spec|test|suite)\.ts`/.test(row)),
    );
    expect(untold).toEqual([]);
  });
});

function generalised(path: string): string {
  const isOnesOwn = path.endsWith('get_hubspot_items');
  return isOnesOwn
    ? path
    : path
        .replace(/^\/integrations\/[^/]+/, '/integrations/{integration}')
        .replace(/^(\/integrations)\/\{integration\}$/, '$1');
}
