import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { Secret } from '../errors/secret.ts';
import { connection } from '../connections/fixtures/connection.ts';
import { LoadCursors, type LoadPosition, type LoadQuery } from './load-cursor.ts';

const POSITION: LoadPosition = {
  typeIndex: 1,
  at: '{"offset":"itr/1"}',
  skip: 7,
  failures: [{ item_type: 'page', error: 'provider_error', message: 'no' }],
};
const QUERY: LoadQuery = { itemTypes: ['page', 'database'], modifiedSince: new Date('2026-01-02T03:04:05Z') };

function cursors(...keys: readonly string[]): LoadCursors {
  const ring = keys.map((id) => `${id}:${key(id)}`).join(',');
  return new LoadCursors(new CredentialCipher(KeyRing.parse(new Secret(ring))));
}

const known = new Map<string, string>();
function key(id: string): string {
  const value = known.get(id) ?? randomBytes(32).toString('base64');
  known.set(id, value);
  return value;
}

const invalid = expect.objectContaining({ code: 'cursor_invalid' });

describe('a cursor', () => {
  it('leads back to where the load stood', () => {
    const cursor = cursors('k1').write(connection(), QUERY, POSITION);
    expect(cursors('k1').read(connection(), QUERY, cursor)).toEqual(POSITION);
  });

  it('tells its holder nothing', () => {
    const cursor = cursors('k1').write(connection(), QUERY, POSITION);
    const readable = cursor + Buffer.from(cursor.split('.').at(-2) ?? '', 'base64url').toString('latin1');
    expect(readable).not.toMatch(/itr|offset|page|skip/);
  });

  it('outlives a key rotation', () => {
    const cursor = cursors('k1').write(connection(), QUERY, POSITION);
    expect(cursors('k2', 'k1').read(connection(), QUERY, cursor)).toEqual(POSITION);
  });

  it.each([
    ['another connection', connection({ connectionId: 'con_other' })],
    ['another user', connection({ userId: 'bob' })],
    ['another organisation', connection({ orgId: 'globex' })],
    ['another integration', connection({ integration: 'airtable' })],
  ])('does not fit %s', (_whose, other) => {
    const cursor = cursors('k1').write(connection(), QUERY, POSITION);
    expect(() => cursors('k1').read(other, QUERY, cursor)).toThrow(invalid);
  });

  it.each([
    ['other item types', { ...QUERY, itemTypes: ['page'] }],
    ['the same item types in another order', { ...QUERY, itemTypes: ['database', 'page'] }],
    ['another time', { ...QUERY, modifiedSince: new Date('2026-01-02T03:04:06Z') }],
    ['no time', { itemTypes: QUERY.itemTypes }],
  ])('does not fit a query with %s', (_what, other) => {
    const cursor = cursors('k1').write(connection(), QUERY, POSITION);
    expect(() => cursors('k1').read(connection(), other, cursor)).toThrow(invalid);
  });

  it('does not fit when any one character of it is another', () => {
    const cursor = cursors('k1').write(connection(), QUERY, POSITION);
    for (let at = 0; at < cursor.length; at += 1) {
      // The last character of a base64url part may carry bits that mean nothing, so another first bit is what counts.
      const other = cursor[at] === 'A' ? 'z' : 'A';
      const altered = cursor.slice(0, at) + other + cursor.slice(at + 1);
      expect(() => cursors('k1').read(connection(), QUERY, altered)).toThrow(invalid);
    }
  });

  it.each([[''], ['nonsense'], ['pb1.k1.AAAA.AAAA.AAAA'], ['pb1....'], ['x'.repeat(16_385)], ['💥'], ['{}']])(
    'is never %j',
    (cursor) => {
      expect(() => cursors('k1').read(connection(), QUERY, cursor)).toThrow(invalid);
    },
  );

  it('is of no use under a key that has left the ring', () => {
    const cursor = cursors('k1').write(connection(), QUERY, POSITION);
    expect(() => cursors('k2').read(connection(), QUERY, cursor)).toThrow(invalid);
  });

  it('can’t be made of a value that was sealed for something else', () => {
    const cipher = new CredentialCipher(KeyRing.parse(new Secret(`k1:${key('k1')}`)));
    const { orgId, userId, integration, connectionId } = connection();
    const context = { purpose: 'grant', orgId, userId, integration, connectionId, recordVersion: 1 } as const;
    expect(() => cursors('k1').read(connection(), QUERY, cipher.seal(new Secret('{}'), context))).toThrow(invalid);
  });
});
