import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { Secret } from '../errors/secret.ts';
import { connection } from '../connections/fixtures/connection.ts';
import { LoadCursors, MAX_CURSOR_LENGTH } from './load-cursor.ts';
import type { LoadPosition, LoadQuery } from './load-position.ts';

const POSITION: LoadPosition = {
  types: [{ open: [], since: '2026-01-01T00:00:00.000Z' }, { open: [{ at: '{"offset":"itr/1"}', skip: 7 }] }],
  failures: [{ item_type: 'page', error: 'provider_error', message: 'no' }],
  page: 3,
  startedAt: '2026-05-01T12:00:00.000Z',
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
    const cursor = cursors('k1').write(connection(), QUERY, 'cursor', POSITION);
    expect(cursors('k1').read(connection(), QUERY, 'cursor', cursor)).toEqual(POSITION);
  });

  it('of a load that is still to begin has it begin when it is read', () => {
    const { types, failures, page } = POSITION;
    const next = { types, failures, page };
    const checkpoint = cursors('k1').write(connection(), QUERY, 'checkpoint', next);
    const before = Date.now();
    const { startedAt, ...read } = cursors('k1').read(connection(), QUERY, 'checkpoint', checkpoint);
    expect(read).toEqual(next);
    expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(before);
  });

  it('is short however many positions alike it holds', () => {
    const open = Array.from({ length: 5_000 }, (_, n) => ({ key: `{"channel":"C0123456789","thread":${n}}` }));
    const cursor = cursors('k1').write(connection(), QUERY, 'cursor', { ...POSITION, types: [{ open }] });
    expect(cursor.length).toBeLessThan(MAX_CURSOR_LENGTH);
    expect(cursors('k1').read(connection(), QUERY, 'cursor', cursor).types[0]?.open).toEqual(open);
  });

  it.each([
    ['would be longer than a request may hold', randomBytes(60_000).toString('base64')],
    ['would be too large once it is opened again', 'a'.repeat(1024 * 1024)],
  ])('isn’t made of a provider’s position when it %s', (_why, at) => {
    const position = { ...POSITION, types: [{ open: [{ at }] }] };
    const write = () => cursors('k1').write(connection(), QUERY, 'cursor', position);
    expect(write).toThrow(expect.objectContaining({ code: 'provider_protocol_error' }));
  });

  it.each([
    ['checkpoint', 'cursor'],
    ['cursor', 'checkpoint'],
  ] as const)('that is a %s is no %s', (kind, other) => {
    const sealed = cursors('k1').write(connection(), { itemTypes: ['page'] }, kind, POSITION);
    expect(() => cursors('k1').read(connection(), { itemTypes: ['page'] }, other, sealed)).toThrow(invalid);
  });

  it('that is a checkpoint has its own times, whatever time the load that made it went back to', () => {
    const checkpoint = cursors('k1').write(connection(), QUERY, 'checkpoint', POSITION);
    const { itemTypes } = QUERY;
    expect(cursors('k1').read(connection(), { itemTypes }, 'checkpoint', checkpoint)).toEqual(POSITION);
    const other = { itemTypes: ['page'] };
    expect(() => cursors('k1').read(connection(), other, 'checkpoint', checkpoint)).toThrow(invalid);
  });

  it('tells its holder nothing', () => {
    const cursor = cursors('k1').write(connection(), QUERY, 'cursor', POSITION);
    const readable = cursor + Buffer.from(cursor.split('.').at(-2) ?? '', 'base64url').toString('latin1');
    expect(readable).not.toMatch(/itr|offset|page|skip|2026/);
  });

  it('outlives a key rotation', () => {
    const cursor = cursors('k1').write(connection(), QUERY, 'cursor', POSITION);
    expect(cursors('k2', 'k1').read(connection(), QUERY, 'cursor', cursor)).toEqual(POSITION);
  });

  it.each([
    ['another connection', connection({ connectionId: 'con_other' })],
    ['another user', connection({ userId: 'bob' })],
    ['another organisation', connection({ orgId: 'globex' })],
    ['another integration', connection({ integration: 'airtable' })],
  ])('does not fit %s', (_whose, other) => {
    const cursor = cursors('k1').write(connection(), QUERY, 'cursor', POSITION);
    expect(() => cursors('k1').read(other, QUERY, 'cursor', cursor)).toThrow(invalid);
  });

  it.each([
    ['other item types', { ...QUERY, itemTypes: ['page'] }],
    ['the same item types in another order', { ...QUERY, itemTypes: ['database', 'page'] }],
    ['another time', { ...QUERY, modifiedSince: new Date('2026-01-02T03:04:06Z') }],
    ['no time', { itemTypes: QUERY.itemTypes }],
  ])('does not fit a query with %s', (_what, other) => {
    const cursor = cursors('k1').write(connection(), QUERY, 'cursor', POSITION);
    expect(() => cursors('k1').read(connection(), other, 'cursor', cursor)).toThrow(invalid);
  });

  it('does not fit when any one character of it is another', () => {
    const cursor = cursors('k1').write(connection(), QUERY, 'cursor', POSITION);
    for (let at = 0; at < cursor.length; at += 1) {
      // The last character of a base64url part may carry bits that mean nothing, so another first bit is what counts.
      const other = cursor[at] === 'A' ? 'z' : 'A';
      const altered = cursor.slice(0, at) + other + cursor.slice(at + 1);
      expect(() => cursors('k1').read(connection(), QUERY, 'cursor', altered)).toThrow(invalid);
    }
  });

  it.each([
    [''],
    ['nonsense'],
    ['pb1.k1.AAAA.AAAA.AAAA'],
    ['pb1....'],
    ['x'.repeat(MAX_CURSOR_LENGTH + 1)],
    ['💥'],
    ['{}'],
  ])('is never %j', (cursor) => {
    expect(() => cursors('k1').read(connection(), QUERY, 'cursor', cursor)).toThrow(invalid);
  });

  it('is of no use under a key that has left the ring', () => {
    const cursor = cursors('k1').write(connection(), QUERY, 'cursor', POSITION);
    expect(() => cursors('k2').read(connection(), QUERY, 'cursor', cursor)).toThrow(invalid);
  });

  it('can’t be made of a value that was sealed for something else', () => {
    const cipher = new CredentialCipher(KeyRing.parse(new Secret(`k1:${key('k1')}`)));
    const { orgId, userId, integration, connectionId } = connection();
    const context = { purpose: 'grant', orgId, userId, integration, connectionId, recordVersion: 1 } as const;
    expect(() => cursors('k1').read(connection(), QUERY, 'cursor', cipher.seal(new Secret('{}'), context))).toThrow(
      invalid,
    );
  });
});
