import { describe, expect, it } from '@jest/globals';
import { DEFAULT_OWNER, isIdentifier, keepOwner, readOwner } from './owner.ts';

describe('the owner chosen in the browser', () => {
  it.each(['a', 'demo-user', 'A.z_0:9@b-c', 'x'.repeat(128)])('accepts the identifier %p', (value) => {
    expect(isIdentifier(value)).toBe(true);
  });

  it.each(['', 'x'.repeat(129), 'a b', 'ä', 'a/b', 'a\n', undefined, 7])('refuses the identifier %p', (value) => {
    expect(isIdentifier(value)).toBe(false);
  });

  it('is found again on the next visit', () => {
    const kept = new Map<string, string>();
    keepOwner({ setItem: (key, value) => void kept.set(key, value) }, { userId: 'ada', orgId: 'acme' });
    expect(readOwner({ getItem: (key) => kept.get(key) ?? null })).toEqual({ userId: 'ada', orgId: 'acme' });
  });

  it.each([null, 'not json', '{"userId":"a b","orgId":"x"}', '[]', '{}'])('is the default when %p was kept', (kept) => {
    expect(readOwner({ getItem: () => kept })).toEqual(DEFAULT_OWNER);
  });

  it('is the default when the browser forbids storage, and choosing one does not fail', () => {
    const forbidden = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    expect(readOwner({ getItem: forbidden })).toEqual(DEFAULT_OWNER);
    expect(() => keepOwner({ setItem: forbidden }, DEFAULT_OWNER)).not.toThrow();
  });
});
