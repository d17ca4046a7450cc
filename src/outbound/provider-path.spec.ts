import { describe, expect, it } from '@jest/globals';
import { path, urlBelow, type ProviderPath } from './provider-path.ts';

const BASE = 'https://api.provider.test/v0';

describe('a path with values in it', () => {
  it.each([
    ['appA1', '/meta/bases/appA1/tables'],
    ['with space', '/meta/bases/with%20space/tables'],
    ['käse', '/meta/bases/k%C3%A4se/tables'],
    ['a?b#c', '/meta/bases/a%3Fb%23c/tables'],
    ['@evil.test', '/meta/bases/%40evil.test/tables'],
    ['%2e%2e', '/meta/bases/%252e%252e/tables'],
  ])('makes %j one segment', (value, expected) => {
    expect(path`/meta/bases/${value}/tables`).toBe(expected);
  });

  it.each([[''], ['.'], ['..'], ['a\u0000b'], ['a\r\nb'], ['a\u007f'], ['x'.repeat(513)]])(
    'refuses %j, which can never be a segment',
    (value) => {
      expect(() => path`/meta/bases/${value}`).toThrow(TypeError);
    },
  );

  it.each([['../x'], ['//evil.test'], ['/\\evil.test'], ['a/b'], ['a\\b']])(
    'lets no %j through to a URL, not even encoded',
    (value) => {
      expect(() => urlBelow(BASE, path`/meta/bases/${value}`)).toThrow(TypeError);
    },
  );
});

describe('a URL below a provider', () => {
  it.each([
    ['/meta/bases', 'https://api.provider.test/v0/meta/bases'],
    ['/conversations.list', 'https://api.provider.test/v0/conversations.list'],
    ['/a..b/...', 'https://api.provider.test/v0/a..b/...'],
    ['', 'https://api.provider.test/v0'],
  ])('joins %j', (below, expected) => {
    expect(urlBelow(BASE, below as ProviderPath).href).toBe(expected);
  });

  it('keeps the base path whether or not it ends in a slash', () => {
    expect(urlBelow(`${BASE}/`, path`/x`).href).toBe('https://api.provider.test/v0/x');
    expect(urlBelow('https://api.provider.test', path`/x`).href).toBe('https://api.provider.test/x');
  });

  it('encodes the query', () => {
    const query = new URLSearchParams({ cursor: 'dXNlcg==&x#y' });
    expect(urlBelow(BASE, path`/x`, query).search).toBe('?cursor=dXNlcg%3D%3D%26x%23y');
  });

  // The escapes that string concatenation and `new URL(path, base)` let through.
  it.each([
    ['//evil.test'],
    ['/\\evil.test'],
    ['\\\\evil.test'],
    ['@evil.test'],
    ['.evil.test'],
    [':1234/x'],
    ['https://evil.test/x'],
    ['x'],
    ['/..'],
    ['/../admin'],
    ['/a/../../admin'],
    ['/./x'],
    ['/%2e%2e/admin'],
    ['/.%2E/admin'],
    ['/%2E./admin'],
    ['/a/%2e'],
    ['/a%2fb'],
    ['/a%2Fb'],
    ['/a%5cb'],
    ['/a%00'],
    ['/a%0d%0aX-Header: x'],
    ['/a%0A'],
    ['/a\nb'],
    ['/a\tb'],
    ['/a b'],
    ['/a//b'],
    ['/a/'],
    ['/a?admin=1'],
    ['/a#b'],
  ])('refuses %j', (below) => {
    expect(() => urlBelow(BASE, below as ProviderPath)).toThrow(TypeError);
  });
});
