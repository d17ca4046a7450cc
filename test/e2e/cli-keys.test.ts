import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { ensureBuilt, temporaryFolder, type Folder } from '../support/built-programs.ts';
import { CommandLineInProcess } from '../support/command-in-process.ts';
import type { CommandLine } from '../support/command-line.ts';
import { Browser } from '../support/http-browser.ts';
import { OWNER } from '../support/patchbay.ts';
import { Replica } from '../support/replica.ts';

interface Status {
  readonly active_key: string;
  readonly keys: readonly {
    readonly key_id: string;
    readonly state: string;
    readonly records: Readonly<Record<string, number>>;
    readonly may_retire: boolean;
    readonly seals: number;
  }[];
}

const SEALED = { connections: 1, client_secrets: 1, pending_authorizations: 1 };
const NOTHING = { connections: 0, client_secrets: 0, pending_authorizations: 0 };

describe('The key that was generated for the embedded store', () => {
  let folder: Folder;
  let sandbox: Sandbox;
  let service: Replica;
  let cli: CommandLine;
  let browser: Browser;

  const keyFile = (): string => join(folder.path, 'encryption.key');
  const keyIds = (): string[] =>
    readFileSync(keyFile(), 'utf8')
      .split(',')
      .map((key) => key.split(':')[0] ?? '');
  const status = async (): Promise<Status> => (await cli.json(['keys', 'status'])) as Status;

  beforeAll(ensureBuilt);
  beforeAll(async () => {
    folder = temporaryFolder();
    sandbox = await startSandbox({ rateLimits: false, items: 3 });
    const environment = { DEMO: 'true', DATA_DIR: folder.path, SANDBOX_URL: sandbox.url, RATE_LIMIT_PER_MINUTE: '0' };
    service = await Replica.start(environment, folder.path);
    cli = new CommandLineInProcess({ environment, cwd: folder.path });
    browser = new Browser(service.url);
    expect((await browser.connect('notion', OWNER)).status).toBe(200);
    await cli.issue(['clients', 'create', 'shop', '--permissions', 'items:read', '--org', '*']);
    await browser.begin('slack', OWNER);
  });
  afterAll(async () => {
    await service.stop();
    await sandbox.close();
    folder.remove();
  });

  it('is rotated beside the running service, as docs/key-rotation.md says', async () => {
    const [former = ''] = keyIds();
    const [only, ...others] = (await status()).keys;
    expect(only).toMatchObject({ key_id: former, state: 'active', records: SEALED, may_retire: false });
    expect(only?.seals).toBeGreaterThan(0);
    expect(others).toEqual([]);

    const fresh = `fresh:${randomBytes(32).toString('base64')}`;
    writeFileSync(keyFile(), `${fresh},${readFileSync(keyFile(), 'utf8')}`);
    await service.restart();
    const rotation = await cli.run(['keys', 'rotate']);
    expect(rotation).toEqual({ code: 0, output: 'Sealed 3 of 3 records with key fresh.\n', errors: '' });
    const { active_key, keys } = await status();
    expect(active_key).toBe('fresh');
    expect(keys).toEqual([
      expect.objectContaining({ key_id: 'fresh', state: 'active', records: SEALED, may_retire: false }),
      expect.objectContaining({ key_id: former, state: 'opens', records: NOTHING, may_retire: true }),
    ]);

    writeFileSync(keyFile(), `${fresh}\n`);
    await service.restart();
    const load = await browser.post('/integrations/notion/load', OWNER);
    expect([load.status, load.json['complete']]).toEqual([200, true]);
    expect(`${rotation.output}${JSON.stringify(keys)}${service.output}`).not.toContain(fresh.split(':')[1]);
  });

  it('is missed when it is gone, and rotate says by which records; put back, it opens all of them', async () => {
    const [former = ''] = keyIds();
    const kept = readFileSync(keyFile(), 'utf8');
    writeFileSync(keyFile(), `other:${randomBytes(32).toString('base64')}\n`);
    const missing = await cli.run(['keys', 'status']);
    expect(missing.code).toBe(1);
    expect(missing.output).toMatch(new RegExp(`^${former} +missing .*1 connection, 1 client, 1 pending`, 'm'));
    const rotation = await cli.run(['keys', 'rotate']);
    expect(rotation).toMatchObject({ code: 1, output: 'Sealed 0 of 3 records with key other.\n' });
    for (const record of ['connection con_', 'client cli_', 'pending authorization ']) {
      const line = `^The ${record}[\\w-]+ can't be opened: key ${former} is not in ENCRYPTION_KEYS\\.$`;
      expect(rotation.errors).toMatch(new RegExp(line, 'm'));
    }
    writeFileSync(keyFile(), kept);
    expect((await status()).keys).toMatchObject([{ key_id: former, state: 'active', records: SEALED }]);
    expect(await cli.run(['keys', 'rotate'])).toMatchObject({ code: 0 });
  });
});
