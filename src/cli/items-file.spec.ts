import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ItemsFile } from './items-file.ts';
import { firstState, type LoadState } from './load-state.ts';

const FIRST = firstState({ integration: 'slack', user_id: 'ann', org_id: 'acme', item_types: ['user'] });

describe('A file of items', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-items-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const path = () => join(folder, 'a.ndjson');
  const content = () => readFileSync(path(), 'utf8');

  /** As a process that ends here, with two lines kept and one that isn't. */
  async function cut(): Promise<LoadState> {
    const file = new ItemsFile('a.ndjson', folder);
    expect(await file.state()).toBeUndefined();
    await file.begin(FIRST);
    await file.append('1\n2\n');
    await file.keep({ ...FIRST, checkpoint: 'c1' });
    await file.append('3\n');
    await file.close();
    const state = await new ItemsFile('a.ndjson', folder).state();
    expect(state).toEqual({ ...FIRST, checkpoint: 'c1', bytes: 4 });
    return state!;
  }

  it('goes on behind its last checkpoint, and leaves no draft', async () => {
    const state = await cut();
    const file = new ItemsFile('a.ndjson', folder);
    await file.begin(state);
    expect(content()).toBe('1\n2\n');
    await file.append('ä\n');
    await file.keep({ ...state, checkpoint: 'c2' });
    await file.close();
    expect(content()).toBe('1\n2\nä\n');
    expect(await file.state()).toMatchObject({ checkpoint: 'c2', bytes: 7 });
    expect(readdirSync(folder).sort()).toEqual(['a.ndjson', 'a.ndjson.checkpoint']);
  });

  it('begins anew when nothing of it was kept', async () => {
    const file = new ItemsFile('a.ndjson', folder);
    await file.begin(FIRST);
    await file.append('1\n');
    await file.close();
    const again = new ItemsFile('a.ndjson', folder);
    await again.begin((await again.state())!);
    await again.close();
    expect(content()).toBe('');
  });

  it('belongs to the load that began last: an earlier one ends before it writes another line', async () => {
    const state = await cut();
    const [earlier, later] = [new ItemsFile('a.ndjson', folder), new ItemsFile('a.ndjson', folder)];
    await earlier.begin(state);
    await later.begin(state);
    await expect(earlier.append('mine\n')).rejects.toThrow(/^Something else has begun to write a\.ndjson/);
    await expect(earlier.keep(state)).rejects.toThrow(/this load ends/);
    await later.append('3\n');
    await later.keep(state);
    await Promise.all([earlier.close(), later.close()]);
    expect(content()).toBe('1\n2\n3\n');
  });

  it.each([
    ['shorter', '1\n'],
    ['another', 'abcdefgh'],
  ])('that is %s than the one the checkpoint is of is left as it is', async (_how, other) => {
    const state = await cut();
    writeFileSync(path(), other);
    const file = new ItemsFile('a.ndjson', folder);
    await expect(file.begin(state)).rejects.toThrow(/that a\.ndjson\.checkpoint is of/);
    await file.close();
    expect(content()).toBe(other);
  });

  it('of a load that has ended is not cut where somebody has added to it, and is begun anew where it was taken away', async () => {
    const end = { complete: true, failures: [], changes: [], unfinished: false };
    const state = await cut();
    const file = new ItemsFile('a.ndjson', folder);
    await file.begin(state);
    await file.keep({ ...state, end });
    await file.close();
    appendFileSync(path(), 'more\n');
    const next = { ...(await file.state())!, end: null };
    await expect(file.begin(next)).rejects.toThrow(/is longer/);
    expect(content()).toBe('1\n2\nmore\n');
    rmSync(path());
    await file.begin(next);
    await file.append('4\n');
    await file.keep(next);
    await file.close();
    expect([content(), (await file.state())?.bytes]).toEqual(['4\n', 2]);
  });
});
