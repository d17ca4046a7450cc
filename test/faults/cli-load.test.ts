import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, type Folder, temporaryFolder } from '../support/built-programs.ts';
import { CommandLine } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { type Item, loadAll } from '../support/load-all.ts';
import { OWNER, type RunningPatchbay, startPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

/** Of each type. */
const MANY = 3_000;
const TYPES = ['contact', 'company'];
const KILLS = 4;

const keyOf = ({ type, id }: Item): string => `${type} ${id}`;

describe('The command load', () => {
  let patchbay: RunningPatchbay;
  let folder: Folder;

  beforeAll(async () => {
    ensureBuilt();
    folder = temporaryFolder();
    patchbay = await startPatchbay({ sandbox: { items: MANY }, environment: { LOG_LEVEL: 'info' } });
  });
  afterAll(async () => {
    await patchbay.close();
    folder.remove();
  });

  it('killed at random moments, neither loses an item nor has one twice', async () => {
    const browser = patchbay.newBrowser();
    await browser.connect('hubspot', OWNER);
    const wanted = await loadAll(browser, 'hubspot', { ...OWNER, item_types: TYPES, page_size: 1000 });
    const environment = {
      ...{ DEMO: 'true', DATA_DIR: patchbay.dataDir, SANDBOX_URL: patchbay.sandbox.url, PACE_FACTOR: '10000' },
    };
    const program = new CommandLine({ environment, cwd: folder.path });
    const who = ['--user', OWNER.user_id, '--org', OWNER.org_id];
    const load = ['load', 'hubspot', ...who, '--types', TYPES.join(','), '--out', 'items.ndjson'];
    const file = join(folder.path, 'items.ndjson');
    const state = `${file}.checkpoint`;
    const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);
    const stateNow = () => JSON.parse(readFileSync(state, 'utf8')) as { bytes: number; checkpoint: string | null };
    const slow = { provider: 'hubspot', endpoint: '/crm', mode: 'slow', delay_ms: 100 };
    await new SandboxControl(patchbay.sandbox).fault(slow);
    const hadCheckpoint: boolean[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = sizeOf(state) > 0 ? stateNow().bytes : 0;
      const run = program.start(load);
      const target = before + 50_000 + Math.floor(Math.random() * 1_500_000);
      await eventually(
        () => run.hasEnded || (sizeOf(file) >= target && sizeOf(state) > 0),
        (isFarEnough) => isFarEnough,
      );
      run.kill();
      await run.ended();
      hadCheckpoint.push(stateNow().checkpoint !== null);
    }
    const { code, errors } = await program.run(load);
    expect({ code, errors }).toEqual({
      code: 0,
      errors: expect.stringMatching(/Loaded 5,\d{3} items in |whole already/),
    });
    const keys = readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => keyOf(JSON.parse(line) as Item));
    expect(keys.length).toBe(wanted.length);
    expect(new Set(keys)).toEqual(new Set(wanted.map(keyOf)));
    expect(hadCheckpoint).toContain(true);
  });
});
