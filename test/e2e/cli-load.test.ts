import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureBuilt, type Folder, temporaryFolder } from '../support/built-programs.ts';
import { CommandLineInProcess } from '../support/command-in-process.ts';
import { CommandLine, type Started } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { loadAll } from '../support/load-all.ts';
import { OWNER, type RunningPatchbay, startPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli', 'main.js');
const WHO = ['--user', OWNER.user_id, '--org', OWNER.org_id];
/** Of each type. */
const MANY = 400;
const CONTACTS = ['load', 'hubspot', ...WHO, '--types', 'contact,company'];
/** Where nobody watches, a line of progress comes every five seconds. */
const PROGRESS = String.raw`(?:[\d,]+ items, .*\n)*`;

interface Line {
  readonly id: string;
  readonly type: string;
}

const keyOf = ({ type, id }: Line): string => `${type} ${id}`;

describe('The command load', () => {
  let patchbay: RunningPatchbay;
  let folder: Folder;
  let cli: CommandLine;
  /** In a process of its own, which can be killed. */
  let program: CommandLine;
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
  const said = (lines: string): unknown => expect.stringMatching(new RegExp(`^${PROGRESS}${lines}\\n$`));
  const expectEachOnce = (text: string): void => {
    const keys = keysIn(text);
    expect(keys.length).toBe(contacts.size);
    expect(new Set(keys)).toEqual(contacts);
  };

  beforeAll(ensureBuilt);
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
    cli = new CommandLineInProcess({ environment, cwd: folder.path });
    program = new CommandLine({ environment, cwd: folder.path });
  });
  afterEach(async () => {
    await sandbox.reset();
    folder.remove();
  });

  it('writes the items that the service beside it loads, one a line and nothing else, to standard output', async () => {
    const { code, output, errors } = await program.run(['load', 'airtable', ...WHO, '--types', 'base']);
    const query = { ...OWNER, item_types: ['base'], page_size: 1000 };
    expect(linesIn(output)).toEqual(await loadAll(patchbay.newBrowser(), 'airtable', query));
    expect(errors).toEqual(said(String.raw`Loaded 400 items in \d pages? \(\d+:\d\d\)\.`));
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
    expect(errors).toEqual(said('Loaded 400 items in .*\\nNobody tells what changed of base: all of it came again\\.'));
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

  /** Runs it until it has saved a checkpoint and the provider no longer answers. */
  const startAndStall = async (load: readonly string[]): Promise<Started> => {
    const slow = { provider: 'hubspot', endpoint: '/crm', mode: 'slow' } as const;
    await sandbox.fault({ ...slow, delay_ms: 0, times: 6 });
    await sandbox.fault({ ...slow, delay_ms: 600_000 });
    const run = program.start(load);
    await eventually(
      () => existsSync(path('items.ndjson.checkpoint')) && stateOf('items.ndjson').checkpoint !== null,
      (isSaved) => isSaved || run.hasEnded,
    );
    return run;
  };

  // Killed at random moments: test/faults/cli-load.test.ts.
  it('killed, neither loses an item nor has one twice when it is run again', async () => {
    const load = [...CONTACTS, '--out', 'items.ndjson'];
    const run = await startAndStall(load);
    run.kill();
    await run.ended();
    const { bytes } = stateOf('items.ndjson');
    expect([bytes > 0, bytes < sizeOf('items.ndjson') + 1]).toEqual([true, true]);
    writeFileSync(path('items.ndjson'), '{"id":"half a li', { flag: 'a' });
    await sandbox.clearFaults();
    const { code, errors } = await cli.run(load);
    expect({ code, errors }).toEqual({ code: 0, errors: said(`Loaded ${contacts.size} items in .*`) });
    expectEachOnce(textOf('items.ndjson'));
  });

  it('told to stop ends in order, and goes on with the same command', async () => {
    const load = [...CONTACTS, '--out', 'items.ndjson'];
    const run = await startAndStall(load);
    run.kill('SIGINT');
    expect(await run.ended()).toEqual({
      code: 130,
      errors: said(
        String.raw`Interrupted after \d+ items in \d+ pages? \(.*\)\. The same command goes on with items\.ndjson where it was\.`,
      ),
    });
    const { bytes } = stateOf('items.ndjson');
    expect(bytes).toBeGreaterThan(0);
    const begun = Buffer.from(textOf('items.ndjson')).subarray(0, bytes).toString();
    await sandbox.clearFaults();
    expect((await cli.run(load)).code).toBe(0);
    expect(textOf('items.ndjson').startsWith(begun)).toBe(true);
    expectEachOnce(textOf('items.ndjson'));
  });

  it('names what it could not have, and the same command brings it once it is there', async () => {
    await sandbox.fault({ provider: 'hubspot', endpoint: '/crm/v3/objects/companies', mode: 'status', status: 403 });
    const load = [...CONTACTS, '--out', 'items.ndjson'];
    const { code, output, errors } = await cli.run(load);
    expect([code, output]).toEqual([1, '']);
    expect(errors).toEqual(
      said(
        String.raw`company: .+ \(provider_error\)\nLoaded \d{3} items .* into items\.ndjson, but not all\. The same command tries the rest again\.`,
      ),
    );
    const had = textOf('items.ndjson');
    expect(new Set(linesIn(had).map(({ type }) => type))).toEqual(new Set(['contact']));
    await sandbox.clearFaults();
    expect(await cli.json(load)).toMatchObject({ complete: true, failures: [] });
    expect(textOf('items.ndjson').startsWith(had)).toBe(true);
    expectEachOnce(textOf('items.ndjson'));
  });

  it('keeps away from files that are not its own to fill', async () => {
    const into = (name: string, ...more: string[]) => cli.run(['load', 'airtable', ...WHO, '--out', name, ...more]);
    const refused = (line: RegExp) => ({ code: 1, output: '', errors: expect.stringMatching(line) });
    writeFileSync(path('mine.ndjson'), 'mine\n');
    expect(await into('mine.ndjson')).toEqual(refused(/^mine\.ndjson exists already, and no .*\n$/));
    expect(textOf('mine.ndjson')).toBe('mine\n');
    expect(await into('new.ndjson', '--changes')).toEqual(refused(/^There is no load in new\.ndjson .*\n$/));
    expect(await into('no/where.ndjson')).toEqual(refused(/^no\/where\.ndjson can't be written \(ENOENT\)\.\n$/));
    expect(await into('.')).toEqual(refused(/^\. is not a file .*\n$/));
    expect((await into('bases.ndjson', '--types', 'base')).code).toBe(0);
    const whole = textOf('bases.ndjson');
    for (const [option, value] of [
      ['--types', 'base,table'],
      ['--since', '2026-01-01T00:00:00Z'],
    ] as const)
      expect(await into('bases.ndjson', '--types', 'base', option, value)).toEqual(
        refused(new RegExp(`^bases\\.ndjson is of another load \\(its ${option} .*\\n$`)),
      );
    writeFileSync(path('bases.ndjson'), 'more\n', { flag: 'a' });
    expect(await into('bases.ndjson', '--types', 'base', '--changes')).toEqual(
      refused(/^bases\.ndjson is longer .*\n$/),
    );
    expect(textOf('bases.ndjson')).toBe(`${whole}more\n`);
  });

  it('leaves nothing behind of a load that could not begin', async () => {
    const nobody = ['load', 'hubspot', '--user', 'nobody', '--org', OWNER.org_id, '--out', 'items.ndjson'];
    expect(await cli.run(nobody)).toEqual({ code: 1, output: '', errors: expect.stringMatching(/^[^\n]+\n$/) });
    const elsewhere = new CommandLineInProcess({
      environment: { ...environment, DATA_DIR: path('data') },
      cwd: folder.path,
    });
    expect(await elsewhere.run(nobody)).toEqual({
      ...{ code: 1, output: '' },
      errors: expect.stringMatching(/^There is no store at .*DATA_DIR\.\n$/),
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('asked for wrongly is a misuse', async () => {
    const { code, output, errors } = await cli.run(['load', 'notion', '--user', 'ann']);
    expect({ code, output, errors }).toEqual({
      code: 2,
      output: '',
      errors: 'Say whose account: --user ID and --org ID.\n',
    });
  });
});
