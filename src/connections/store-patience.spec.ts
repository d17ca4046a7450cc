import { beforeEach, describe, expect, it } from '@jest/globals';
import { storageUnavailable } from '../storage/storage-unavailable.ts';
import { StorePatience } from './store-patience.ts';

describe('Patience with a store that is silent', () => {
  let now = 0;
  let patience: StorePatience;
  const silence = (): Promise<string> => Promise.reject(storageUnavailable(undefined));

  beforeEach(() => {
    now = 0;
    patience = new StorePatience(() => now);
  });

  it('lasts for 5 s from the last answer', async () => {
    expect(await patience.ask(() => Promise.resolve('answer'))).toBe('answer');
    now = 5_000;
    expect(await patience.ask(silence)).toBeUndefined();
    now = 5_001;
    await expect(patience.ask(silence)).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  it('is none with one that has never answered', async () => {
    await expect(patience.ask(silence)).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  it('is for silence alone', async () => {
    await patience.ask(() => Promise.resolve('answer'));
    await expect(patience.ask(() => Promise.reject(new TypeError('a defect')))).rejects.toThrow('a defect');
  });
});
