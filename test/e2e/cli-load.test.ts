import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUILD_TIMEOUT_MS, ensureBuilt, type Folder, temporaryFolder } from '../support/built-programs.ts';
import { CommandLine } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { loadAll } from '../support/load-all.ts';
import { OWNER, type RunningPatchbay, startPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli', 'main.js');
const WHO = ['--user', OWNER.user_id, '--org', OWNER.org_id];
/** Of each type. */
const MANY = 3_000;
const CONTACTS = ['load', 'hubspot', ...WHO, '--types', 'contact,company'];
const KILLS = 4;

interface Line {
  readonly id: string;
  readonly type: string;
}

const keyOf = ({ type, id }: Line): string => `${type} ${id}`;

describe('The command load', () => {
  let patchbay: RunningPatchbay;
  let folder: Folder;
  let cli: CommandLine;
  let sandbox: SandboxControl;
  let environment: Record<string, string>;
  /** What the service itself finds. */
  let contacts: Set<string>;

  const path = (name: string): string => join(folder.path, name);
  const textOf = (name: string): string => readFileSync(path(name), 'utf8');
  const sizeOf = (name: string): number => (existsSync(path(name)) ? statSync(path(name)).size : 0);
  const stateOf = (name: string) =>
    JSON.parse(textOf(`${name}.checkpoint`)) as { bytes: number; checkpoint: string | null };
  const linesIn = (text: string): Line[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  const keysIn = (text: string): string[] => linesIn(text).map(keyOf);
  const expectEachOnce = (text: string): void => {
    const keys = keysIn(text);
    expect(keys.length).toBe(contacts.size);
    expect(new Set(keys)).toEqual(contacts);
  };

  beforeAll(ensureBuilt, BUILD_TIMEOUT_MS);
  beforeAll(async () => {
    patchbay = await startPatchbay({ sandbox: { items: MANY } });
    sandbox = new SandboxControl(patchbay.sandbox);
    const browser = patchbay.newBrowser();
    for (const name of ['hubspot', 'airtable']) await browser.connect(name, OWNER);
    const query = { ...OWNER, item_types: ['contact', 'company'], page_size: 1000 };
    contacts = new Set((await loadAll(browser, 'hubspot', query)).map(keyOf));
    expect(contacts.size).toBeGreaterThan(MANY);
  });
  afterAll(() => patchbay.close());
  beforeEach(() => {
    folder = temporaryFolder();
    environment = {
      DEMO: 'true',
      DATA_DIR: patchbay.dataDir,
      SANDBOX_URL: patchbay.sandbox.url,
      PACE_FACTOR: '10000',
    };
    cli = new CommandLine({ environment, cwd: folder.path });
  });
  afterEach(async () => {
    await sandbox.reset();
    folder.remove();
  });

  it('writes the items that the service beside it loads, one a line and nothing else, to standard output', async () => {
    const { code, output, errors } = await cli.run(['load', 'airtable', ...WHO, '--types', 'base']);
    const query = { ...OWNER, item_types: ['base'], page_size: 1000 };
    expect(linesIn(output)).toEqual(await loadAll(patchbay.newBrowser(), 'airtable', query));
    expect(errors).toMatch(/^Loaded 3,000 items in \d pages \(0:\d\d\)\.\n$/);
    expect(code).toBe(0);
  });

  it('ends quietly when nobody reads any more', async () => {
    const script = `"${process.execPath}" "${MAIN}" ${CONTACTS.join(' ')} | head -n 2`;
    const env = { ...environment, PATH: process.env['PATH'], NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script], { cwd: folder.path, env });
    expect(linesIn(stdout)).toHaveLength(2);
    expect(stderr).toBe('');
  });

  it('fills a file for its owner’s eyes alone, and has nothing left to do then', async () => {
    const { out, ...told } = (await cli.json([...CONTACTS, '--out', 'items.ndjson'])) as Record<string, unknown>;
    expect(out).toBe('items.ndjson');
    expect(told).toEqual({
      ...{ loaded: contacts.size, complete: true, failures: [], changes: [] },
      checkpoint: stateOf('items.ndjson').checkpoint,
    });
    for (const name of ['items.ndjson', 'items.ndjson.checkpoint'])
      expect(statSync(path(name)).mode & 0o777).toBe(0o600);
    const text = textOf('items.ndjson');
    expectEachOnce(text);
    expect(await cli.run([...CONTACTS, '--out', 'items.ndjson'])).toEqual({
      code: 0,
      output: '',
      errors: 'items.ndjson is whole already: --changes adds what has changed since.\n',
    });
    expect(textOf('items.ndjson')).toBe(text);
  });

  it('adds with --changes what has changed since the load began, or puts it into a new file where the first was taken away', async () => {
    const load = ['load', 'airtable', ...WHO, '--types', 'base', '--out', 'bases.ndjson'];
    expect((await cli.run(load)).code).toBe(0);
    const whole = textOf('bases.ndjson');
    const { code, errors } = await cli.run([...load, '--changes']);
    expect(errors).toMatch(/^Loaded 3,000 items in .*\nNobody tells what changed of base: all of it came again\.\n$/);
    expect([code, textOf('bases.ndjson')]).toEqual([0, whole + whole]);
    renameSync(path('bases.ndjson'), path('processed.ndjson'));
    expect((await cli.run([...load, '--changes'])).code).toBe(0);
    expect(textOf('bases.ndjson')).toBe(whole);
    const increments = [...CONTACTS, '--out', 'contacts.ndjson'];
    await cli.run(increments);
    expect(await cli.json([...increments, '--changes'])).toMatchObject({
      ...{ loaded: 0, complete: true },
      changes: [{ item_type: 'contact', found_by: 'provider' }, { item_type: 'company' }],
    });
    expectEachOnce(textOf('contacts.ndjson'));
  });

  it('killed at any moment, as often as may be, neither loses an item nor has one twice', async () => {
    await sandbox.fault({ provider: 'hubspot', endpoint: '/crm', mode: 'slow', delay_ms: 100 });
    const load = [...CONTACTS, '--out', 'items.ndjson'];
    const goneOn: boolean[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = existsSync(path('items.ndjson.checkpoint')) ? stateOf('items.ndjson').bytes : 0;
      const run = cli.start(load);
      const target = before + 50_000 + Math.floor(Math.random() * 1_500_000);
      await eventually(
        () => run.hasEnded || (sizeOf('items.ndjson') >= target && sizeOf('items.ndjson.checkpoint') > 0),
        (is) => is,
        25_000,
      );
      run.kill();
      await run.ended();
      goneOn.push(stateOf('items.ndjson').checkpoint !== null);
    }
    const { code, errors } = await cli.run(load);
    expect({ code, errors }).toEqual({
      code: 0,
      errors: expect.stringMatching(/^Loaded 5,\d{3} items in |whole already/),
    });
    expectEachOnce(textOf('items.ndjson'));
    expect(goneOn).toContain(true);
  }, 120_000);
});
