import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uncounted } from './uncounted.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-page-'));
  mkdirSync(join(folder, 'assets'));
  for (const file of ['index.html', 'assets/index-1.js']) writeFileSync(join(folder, file), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const isFree = (path: string, method = 'GET', headers: Request['headers'] = {}) =>
  uncounted(folder)({ method, path, headers } as Request);

describe('Nobody’s budget is spent by', () => {
  it.each(['/health', '/health/', '/health/live', '/health/ready', '/Health/Live'])('the probe %s', (path) => {
    expect([isFree(path), isFree(path, 'HEAD')]).toEqual([true, true]);
  });

  it.each(['/', '/index.html', '/assets/index-1.js', '/docs', '/docs/', '/docs/swagger-ui.css', '/favicon.ico'])(
    'the file %s',
    (path) => expect(isFree(path)).toBe(true),
  );
});

describe('A budget is spent by', () => {
  it.each([
    '/integrations',
    '/openapi.json',
    '/healthy',
    '/health/other',
    '/health/live/more',
    '/assets/index-2.js',
    '/assets/../integrations',
    '/assets',
    '/docs/../integrations',
    '/docs/a/b',
    '//',
  ])('%s', (path) => expect(isFree(path)).toBe(false));

  it('what is asked of a probe or a file by a method that it does not answer', () => {
    for (const path of ['/health/live', '/', '/docs']) expect(isFree(path, 'POST')).toBe(false);
  });

  it('what brings a body to a probe or a file: one that drips would keep a place that others could have', () => {
    for (const path of ['/health/live', '/', '/docs', '/favicon.ico']) {
      expect(isFree(path, 'GET', { 'content-length': '10' })).toBe(false);
      expect(isFree(path, 'HEAD', { 'transfer-encoding': 'chunked' })).toBe(false);
      expect(isFree(path, 'GET', { 'content-length': '0' })).toBe(true);
    }
  });

  it('the page’s address where no page is built', () => {
    expect(uncounted(undefined)({ method: 'GET', path: '/', headers: {} } as Request)).toBe(false);
  });
});
