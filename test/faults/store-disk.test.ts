import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { SqliteKeyValueStore } from '../../src/storage/sqlite/sqlite-key-value-store.ts';
import { ensureBuilt, type Folder, Program, temporaryFolder } from '../support/built-programs.ts';
import type { Browser } from '../support/http-browser.ts';
import { OWNER } from '../support/patchbay.ts';
import { canFreezeFiles, done, freeze, SmallDisk, thaw } from '../support/small-disk.ts';
import { fault, type Report } from './fault-row.ts';
import { ServiceProcess } from './service.ts';
import { surviveOutage, TARGET, type Outage } from './store-outage.ts';

const MEGABYTES = 8;
const FILE = 'patchbay.sqlite';
const NOT_MADE = 'not made here: ';

describe('A service whose disk', () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    ensureBuilt();
    sandbox = await startSandbox({ rateLimits: false, items: 12 });
  });
  afterAll(() => sandbox.close());

  /** What its store holds is counted by another process' handle, which has to write nothing for it. */
  async function survive(
    directory: string | undefined,
    outage: (service: ServiceProcess, path: string, beside: SqliteKeyValueStore) => Outage,
    report: Report,
  ): Promise<void> {
    const place = directory === undefined ? {} : { DATA_DIR: directory };
    const service = await ServiceProcess.start({ SANDBOX_URL: sandbox.url, ...place });
    const path = join(directory ?? service.folder.path, FILE);
    const beside = SqliteKeyValueStore.open(path);
    const connections = async () => (await beside.walk('connection', 100)).records.length;
    try {
      const browser: Browser = service.newBrowser();
      await browser.connect('airtable', OWNER);
      await browser.connect('hubspot', OWNER);
      const { begin, end, ...more } = outage(service, path, beside);
      let readable = 0;
      const readAndEnd = async (): Promise<void> => {
        readable = await connections();
        await end();
      };
      await surviveOutage(service, browser, { ...more, begin, end: readAndEnd }, report);
      const { status } = await browser.post('/integrations/airtable/load', { ...OWNER, item_types: ['base'] });
      const whole = wholeness(path);
      report.say(`${readable} of 2 connections still read, ${await connections()} afterwards; integrity ${whole}`);
      expect([readable, await connections(), whole, status]).toEqual([2, 2, 'ok', 200]);
      expect(service.program.errors).toBe('');
    } finally {
      await beside.close();
      await service.stop();
    }
  }

  fault('the disk of the store file is full', `${TARGET}, nothing lost`, async (report) => {
    const disk = SmallDisk.mount(MEGABYTES);
    if (disk === undefined) {
      await fullByLimit(report);
      return;
    }
    report.say(`a tmpfs of ${MEGABYTES} MB without a free byte (ENOSPC)`);
    // What its log still has room for, from an earlier round, is used up too.
    const useUp = async (beside: SqliteKeyValueStore): Promise<void> => {
      disk.fill();
      for (const bytes of [64_000, 1]) await refused(beside, bytes);
    };
    try {
      await survive(
        disk.path,
        (_service, _path, beside) => ({ begin: () => useUp(beside), end: () => disk.makeRoom() }),
        report,
      );
    } finally {
      disk.remove();
    }
  });

  /** Where nothing may be mounted: no file of the process may grow, nor be written at all. */
  async function fullByLimit(report: Report): Promise<void> {
    const limit = (service: ServiceProcess, bytes: string): boolean =>
      done('prlimit', '--pid', String(service.program.pid), `--fsize=${bytes}:`);
    if (process.platform !== 'linux' || !done('prlimit', '--version')) {
      report.say(`${NOT_MADE}it takes a mount or prlimit`);
      return;
    }
    report.say('no mount permitted: a file-size limit of 0 on the process instead (EFBIG)');
    const begin = (service: ServiceProcess) => () => expect(limit(service, '0')).toBe(true);
    const end = (service: ServiceProcess) => () => expect(limit(service, 'unlimited')).toBe(true);
    await survive(undefined, (service) => ({ begin: begin(service), end: end(service) }), report);
  }

  fault('the store file becomes read-only as it runs', `${TARGET}, nothing lost`, async (report) => {
    if (!canFreezeFiles()) {
      report.say(`${NOT_MADE}it takes root, and a file system that knows immutable files (chattr +i)`);
      return;
    }
    report.say('file and log made immutable (EPERM)');
    // The third file is memory that both processes share, and no part of what is kept.
    const files = (path: string) => [path, `${path}-wal`];
    const begin = (path: string) => () => expect(files(path).map(freeze)).toEqual([true, true]);
    const end = (path: string) => () => files(path).forEach(thaw);
    await survive(undefined, (_service, path) => ({ begin: begin(path), end: end(path) }), report);
  });

  fault('the store file is read-only at the start', 'refused in one sentence, nothing lost', async (report) => {
    const readOnly = readOnlyPlace();
    if (readOnly === undefined) {
      report.say(`${NOT_MADE}root may write anywhere, and may not mount here`);
      return;
    }
    const { path, how, close, open, remove } = readOnly;
    const folder = temporaryFolder();
    try {
      const keys = `first:${randomBytes(32).toString('base64')}`;
      const environment = { SANDBOX_URL: sandbox.url, DATA_DIR: path, ENCRYPTION_KEYS: keys };
      const first = await ServiceProcess.start(environment);
      await first.newBrowser().connect('airtable', OWNER);
      await first.stop();
      close();
      const second = new Program('dist/src/main.js', { DEMO: 'true', PORT: '0', ...environment }, folder.path);
      const { code } = await second.ended();
      const said = second.errors.trim();
      report.say(`${how}: exit ${code ?? 'by a signal'}, "${said.replaceAll(path, '…')}"`);
      expect([code, said]).toEqual([1, expect.stringMatching(/^Patchbay does not start: .*can't be opened/)]);
      open();
      const beside = SqliteKeyValueStore.open(join(path, FILE));
      expect((await beside.walk('connection', 100)).records).toHaveLength(1);
      await beside.close();
      expect(wholeness(join(path, FILE))).toBe('ok');
    } finally {
      folder.remove();
      remove();
    }
  });
});

async function refused(store: SqliteKeyValueStore, bytes: number): Promise<void> {
  for (let number = 0; ; number += 1) {
    const put = store.put({ collection: 'fault', partition: 'filler', id: String(number % 8) }, 'x'.repeat(bytes));
    const error = await put.then(
      () => undefined,
      (refusal: unknown) => refusal,
    );
    if (error === undefined) continue;
    expect(error).toMatchObject({ code: 'storage_unavailable' });
    return;
  }
}

function wholeness(path: string): string {
  const database = new DatabaseSync(path);
  try {
    return String(database.prepare('PRAGMA integrity_check').get()?.['integrity_check']);
  } finally {
    database.close();
  }
}

interface ReadOnlyPlace {
  readonly path: string;
  readonly how: string;
  readonly close: () => void;
  readonly open: () => void;
  readonly remove: () => void;
}

/** Permissions where they bind us, and for root a file system that is mounted read-only. */
function readOnlyPlace(): ReadOnlyPlace | undefined {
  if (process.getuid?.() !== 0) return readOnlyFile(temporaryFolder());
  const disk = SmallDisk.mount(MEGABYTES);
  if (disk === undefined) return undefined;
  const remount = (mode: 'ro' | 'rw') => () => expect(disk.remount(mode)).toBe(true);
  const { path } = disk;
  return { path, how: 'mounted read-only', close: remount('ro'), open: remount('rw'), remove: () => disk.remove() };
}

function readOnlyFile(folder: Folder): ReadOnlyPlace {
  const { path } = folder;
  const file = join(path, FILE);
  const mode = (bits: number) => () => {
    chmodSync(file, bits);
    expect(statSync(file).mode & 0o777).toBe(bits);
  };
  return { path, how: 'mode 0400', close: mode(0o400), open: mode(0o600), remove: () => folder.remove() };
}
