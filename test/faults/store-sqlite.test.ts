import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { SqliteKeyValueStore } from '../../src/storage/sqlite/sqlite-key-value-store.ts';
import { openDatabase } from '../../src/storage/sqlite/sqlite-database.ts';
import { ensureBuilt, type Folder, temporaryFolder } from '../support/built-programs.ts';
import type { Browser } from '../support/http-browser.ts';
import { OWNER } from '../support/patchbay.ts';
import { fault, timed } from './fault-row.ts';
import { ServiceProcess } from './service.ts';
import { surviveOutage, TARGET } from './store-outage.ts';

const key = (id: string) => ({ collection: 'fault', partition: 'of-the-file', id });
const UNAVAILABLE = { code: 'storage_unavailable' };
const REFUSED_WITHIN_MS = 300;

describe('A service whose store file', () => {
  let sandbox: Sandbox;
  let service: ServiceProcess;
  let browser: Browser;

  beforeAll(async () => {
    ensureBuilt();
    sandbox = await startSandbox({ rateLimits: false, items: 12 });
    service = await ServiceProcess.start({ SANDBOX_URL: sandbox.url });
    browser = service.newBrowser();
    await browser.connect('airtable', OWNER);
  });
  afterAll(async () => {
    await service.stop();
    await sandbox.close();
  });

  fault('another process holds the store file', TARGET, async (report) => {
    const other = new DatabaseSync(join(service.folder.path, 'patchbay.sqlite'));
    const begin = () => other.exec('BEGIN IMMEDIATE');
    const end = () => other.exec('ROLLBACK');
    await surviveOutage(service, browser, { begin, end }, report);
    other.close();
    expect(service.program.errors).toBe('');
  });
});

describe('The store file', () => {
  let folder: Folder;
  let database: DatabaseSync;
  let store: SqliteKeyValueStore;

  beforeEach(() => {
    folder = temporaryFolder();
    database = openDatabase(join(folder.path, 'patchbay.sqlite'));
    store = new SqliteKeyValueStore(database);
  });
  afterEach(async () => {
    await store.close();
    folder.remove();
  });

  /** Until the store refuses: what it was given before is kept. @returns how many were */
  async function fill(bytes: number): Promise<number> {
    for (let kept = 0; ; kept += 1) {
      const put = store.put(key(String(kept)), 'x'.repeat(bytes));
      const refusal = await put.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (refusal === undefined) continue;
      expect(refusal).toMatchObject(UNAVAILABLE);
      return kept;
    }
  }

  fault('SQLite may not grow its file', 'typed 503, what was answered is kept, back by itself', async (report) => {
    // SQLITE_FULL, as from a full disk, on any machine.
    database.exec('PRAGMA max_page_count = 64');
    const kept = await fill(4_096);
    const { tookMs } = await timed(() =>
      expect(store.put(key('one-more'), 'x'.repeat(4_096))).rejects.toMatchObject(UNAVAILABLE),
    );
    const readable = (await store.list('fault', 'of-the-file')).length;
    database.exec('PRAGMA max_page_count = 100000');
    await store.put(key('afterwards'), 'x'.repeat(4_096));
    report.say(`${readable} of ${kept} still read; writes again at once`);
    report.atMost('refused in', tookMs, REFUSED_WITHIN_MS);
    expect([kept > 0, readable]).toEqual([true, kept]);
  });

  fault('SQLite may not write to its file', 'typed 503, reads go on, back by itself', async (report) => {
    await store.put(key('before'), 'kept');
    database.exec('PRAGMA query_only = ON');
    const { tookMs } = await timed(() => expect(store.put(key('refused'), 'x')).rejects.toMatchObject(UNAVAILABLE));
    expect(await store.get(key('before'))).toEqual({ value: 'kept', version: 1 });
    database.exec('PRAGMA query_only = OFF');
    await store.put(key('afterwards'), 'x');
    report.say('reads go on; writes again at once');
    report.atMost('refused in', tookMs, REFUSED_WITHIN_MS);
  });
});
