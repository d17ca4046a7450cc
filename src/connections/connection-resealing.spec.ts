import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { loadConfig } from '../config/load-config.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { keyIdOf } from '../crypto/envelope.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { Secret } from '../errors/secret.ts';
import type { StoredRecord } from '../storage/key-value-store.ts';
import { openDatabase } from '../storage/sqlite/sqlite-database.ts';
import { SqliteKeyValueStore } from '../storage/sqlite/sqlite-key-value-store.ts';
import { openConnectionRecord, readConnection, type RecordPlace } from './connection-record.ts';
import { resealConnection, sealedGrantIn } from './connection-resealing.ts';
import { ConnectionRepository, type NewGrant } from './connection-repository.ts';
import { partitionOf } from './owner.ts';

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const cipherWith = (keys: string): CredentialCipher => new CredentialCipher(KeyRing.parse(new Secret(keys)));

const GRANT: NewGrant = {
  owner: { orgId: 'acme', userId: 'ann' },
  integration: 'notion',
  clientId: 'app',
  account: { id: 'account', name: null },
  scopes: ['read'],
  requestedScopes: ['read', 'write'],
  grant: {
    primary: { accessToken: new Secret('a-token'), refreshToken: new Secret('a-refresh-token'), obtainedAt: 1 },
    additional: new Map([['user', { accessToken: new Secret('another'), obtainedAt: 2, expiresAt: 3 }]]),
  },
};

describe('A stored connection that is sealed again', () => {
  const [FIRST, SECOND] = [newKey('first'), newKey('second')];
  const [before, during, after] = [cipherWith(FIRST), cipherWith(`${SECOND},${FIRST}`), cipherWith(SECOND)];
  let store: SqliteKeyValueStore;
  let place: RecordPlace;
  let stored: StoredRecord;

  beforeEach(async () => {
    store = new SqliteKeyValueStore(openDatabase(':memory:'));
    const { connectionId } = await new ConnectionRepository(store, before, loadConfig({}, [])).saveGrant(GRANT);
    place = { partition: partitionOf(GRANT.owner), connectionId };
    const found = await store.get({ collection: 'connection', partition: place.partition, id: connectionId });
    if (found === undefined) throw new Error('The connection is not stored.');
    stored = found;
  });
  afterEach(() => store.close());

  const next = (value: string | undefined): StoredRecord => ({ value: value ?? '', version: stored.version + 1 });

  it('is the same connection and grant, under the active key, and for the next version alone', () => {
    const resealed = next(resealConnection(during, stored, place));
    expect(keyIdOf(sealedGrantIn(resealed) ?? '')).toBe('second');
    expect(readConnection(resealed, place)).toEqual(readConnection(stored, place));
    const { grant } = openConnectionRecord(after, resealed, place);
    expect(grant.primary.refreshToken?.reveal()).toBe('a-refresh-token');
    expect(grant.additional.get('user')?.accessToken.reveal()).toBe('another');
    for (const version of [stored.version, stored.version + 2]) {
      expect(() => openConnectionRecord(after, { ...resealed, version }, place)).toThrow();
    }
  });

  it('is left as it is when it is under the active key already, even where it is the ring’s only one', () => {
    expect(resealConnection(before, stored, place)).toBeUndefined();
    const resealed = next(resealConnection(during, stored, place));
    expect(resealConnection(during, resealed, place)).toBeUndefined();
    expect(resealConnection(after, resealed, place)).toBeUndefined();
  });

  it('is refused when it can’t be opened, stands elsewhere, or is none', () => {
    const refusal = expect.objectContaining({ code: 'internal_error' });
    const resealing = (cipher: CredentialCipher, record: StoredRecord, at = place) => {
      try {
        return resealConnection(cipher, record, at);
      } catch (error) {
        return error;
      }
    };
    expect(resealing(after, stored)).toEqual(refusal);
    expect(resealing(during, { ...stored, version: stored.version + 1 })).toEqual(refusal);
    expect(resealing(during, stored, { ...place, connectionId: 'con_1' })).toEqual(refusal);
    for (const value of ['', 'null', '{}', '{"grant":1}', 'pb1.first.a']) {
      expect(resealing(during, { ...stored, value })).toEqual(refusal);
    }
  });
});
