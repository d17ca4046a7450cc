import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteKeyValueStore } from '../storage/sqlite/sqlite-key-value-store.ts';
import { Nonces } from './nonces.ts';

const NONCE = '0123456789abcdef';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-nonces-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What one run of a machine says to a signature that was made so many seconds before now. */
async function inBoot(bootId: string, secondsAgo: number): Promise<string> {
  const store = SqliteKeyValueStore.open(join(folder, 'store.db'), { bootId: () => bootId });
  const answer = await new Nonces(store).use('cli_1', NONCE, Date.now() / 1000 - secondsAgo).then(
    () => 'taken',
    (error: unknown) => (error as { code: string }).code,
  );
  await store.close();
  return answer;
}

it('A nonce is taken once, whichever process is asked', async () => {
  expect(await inBoot('one', 100)).toBe('taken');
  expect(await inBoot('one', 100)).toBe('replayed_request');
});

it('After a crash of the machine, which may have taken the memory of them, no signature from before it is taken', async () => {
  expect(await inBoot('one', 100)).toBe('taken');
  expect(await inBoot('two', 100)).toBe('signature_expired');
  // Also when something else had opened the file first.
  expect(await inBoot('two', 100)).toBe('signature_expired');
  expect(await inBoot('two', -1)).toBe('replayed_request');
});
