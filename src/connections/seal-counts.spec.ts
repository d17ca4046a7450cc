import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { MANY_SEALS, MAX_SEALS, SealTally } from '../crypto/seal-tally.ts';
import { Secret } from '../errors/secret.ts';
import { openDatabase } from '../storage/sqlite/sqlite-database.ts';
import { SqliteKeyValueStore } from '../storage/sqlite/sqlite-key-value-store.ts';
import { SealCounts } from './seal-counts.ts';

const NOWHERE = { orgId: '', userId: '', integration: '', connectionId: '', recordVersion: 1 };

describe('The counts of seals in the store', () => {
  let store: SqliteKeyValueStore;
  let warnings: unknown[];
  let errors: unknown[];

  /** A process that seals, with the count kept. */
  const sealer = (keyId: string) => {
    const tally = new SealTally();
    const counts = new SealCounts(store, tally);
    counts.onModuleInit();
    const cipher = new CredentialCipher(
      KeyRing.parse(new Secret(`${keyId}:${randomBytes(32).toString('base64')}`)),
      tally,
    );
    return {
      counts,
      seal: async (times: number) => {
        for (let made = 0; made < times; made += 1) {
          cipher.seal(new Secret('a token'), { purpose: 'grant', ...NOWHERE });
          // Let what was claimed be written, as between two requests.
          if (made % 50 === 0) await store.ping();
        }
        await counts.byKey();
        await store.ping();
      },
    };
  };

  beforeEach(() => {
    store = new SqliteKeyValueStore(openDatabase(':memory:'));
    [warnings, errors] = [[], []];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((message: unknown) => void warnings.push(message));
    jest.spyOn(Logger.prototype, 'error').mockImplementation((message: unknown) => void errors.push(message));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await store.close();
  });

  it('add up what every process seals, and outlive them', async () => {
    await sealer('k1').seal(2000);
    await sealer('k1').seal(2000);
    await sealer('k2').seal(1);
    const counts = await new SealCounts(store, new SealTally()).byKey();
    expect(counts.get('k1')).toBeGreaterThanOrEqual(4000);
    expect(counts.get('k1')).toBeLessThan(4000 + 2 * 2048);
    expect(counts.get('k2')).toBe(1025);
  });

  it('lose nothing when several processes add at once', async () => {
    const counts = new SealCounts(store, new SealTally());
    await Promise.all(Array.from({ length: 10 }, () => counts.add('k1', 100)));
    expect(await counts.byKey()).toEqual(new Map([['k1', 1000]]));
  });

  it('say nothing of a key that has sealed little', async () => {
    await sealer('k1').seal(3000);
    expect([warnings, errors]).toEqual([[], []]);
  });

  it('warn once a process of a key that has sealed a quarter of what it may', async () => {
    const { counts, seal } = sealer('k1');
    await counts.add('k1', MANY_SEALS);
    await seal(3000);
    expect(warnings).toEqual([expect.objectContaining({ key_id: 'k1', at_most: MAX_SEALS })]);
    expect(errors).toEqual([]);
  });

  it('are loud about a key that has sealed all it may', async () => {
    const { counts, seal } = sealer('k1');
    await counts.add('k1', MAX_SEALS);
    await seal(3000);
    expect(errors.length).toBeGreaterThan(1);
    expect(errors[0]).toMatchObject({ key_id: 'k1' });
  });
});
