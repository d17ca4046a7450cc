import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from './finding.ts';
import { skipWaits } from './fixtures/skip-waits.ts';
import { run } from './run.ts';

const KEY = randomBytes(32).toString('base64');
const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://patchbay.example',
  ENCRYPTION_KEYS: `new:${KEY}`,
};

describe('The doctor', () => {
  let folder: string;

  const cli = async (environment: Record<string, string>, ...args: string[]) => {
    let [output, errors] = ['', ''];
    const code = await run(args, {
      environment: { DATA_DIR: folder, ...environment },
      directory: folder,
      write: (text) => void (output += text),
      pour: () => Promise.resolve(true),
      say: (line) => void (errors += `${line}\n`),
      input: () => Promise.resolve(''),
    });
    return { code, output, errors };
  };
  const examine = async (environment: Record<string, string>) => {
    const { code, output, errors } = await cli(environment, 'doctor', '--json');
    const { ok, findings } = JSON.parse(output) as { ok: boolean; findings: Finding[] };
    expect(ok).toBe(code === 0);
    const about = (check: string) => findings.filter((finding) => finding.check === check);
    return { code, output, errors, about, findings };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-doctor-'));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('has nothing to mend in a demo, and says which callback a real app would register', async () => {
    const { code, findings, about } = await examine({ DEMO: 'true' });
    expect(code).toBe(0);
    expect(findings.filter(({ status }) => status === 'fail')).toEqual([]);
    const callback = 'http://localhost:8000/integrations/slack/oauth2callback';
    expect(about('slack')[0]?.message).toContain(callback);
    expect((await examine({ DEMO: 'true' })).findings.every(({ status }) => status === 'ok')).toBe(true);
  });

  it('names the keys by their ids, and never shows one', async () => {
    const old = randomBytes(32).toString('base64');
    const { about, output } = await examine({ ...PRODUCTION, ENCRYPTION_KEYS: `new:${KEY},old:${old}` });
    expect(about('keys')).toEqual([
      { check: 'keys', status: 'ok', message: 'Key new seals (from ENCRYPTION_KEYS); old only open.' },
    ]);
    for (const key of [KEY, old]) expect(output).not.toContain(key);
  });

  it('fails over each bad setting, and shows no value', async () => {
    const { code, errors, findings } = await examine({ PORT: 'seventy', LOG_LEVEL: 'shout' });
    expect([code, errors]).toEqual([1, '2 things must be fixed.\n']);
    expect(findings.map(({ check, status }) => [check, status])).toEqual(Array(2).fill(['configuration', 'fail']));
    expect(JSON.stringify(findings)).not.toMatch(/seventy|shout/);
  });

  it('fails over a key that is an example, and over a store that is not there', async () => {
    skipWaits();
    const example = `k1:${Buffer.alloc(32).toString('base64')}`;
    const { code, about } = await examine({
      ...PRODUCTION,
      ENCRYPTION_KEYS: example,
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(code).toBe(1);
    expect(about('keys')).toEqual([
      expect.objectContaining({ status: 'fail', message: expect.stringMatching(/example/) }),
    ]);
    expect(about('store')).toEqual([expect.objectContaining({ status: 'fail' })]);
  });

  it('fails over a client whose secret was sealed with a key that is gone', async () => {
    const created = await cli(
      PRODUCTION,
      'clients',
      'create',
      'a',
      '--permissions',
      'items:read',
      '--org',
      '*',
      '--json',
    );
    const { client_id } = JSON.parse(created.output) as { client_id: string };
    expect((await examine(PRODUCTION)).about('clients')).toEqual([expect.objectContaining({ status: 'ok' })]);
    const other = { ...PRODUCTION, ENCRYPTION_KEYS: `new:${randomBytes(32).toString('base64')}` };
    const { code, about } = await examine(other);
    expect(code).toBe(1);
    expect(about('clients')[0]).toMatchObject({ status: 'fail', message: expect.stringContaining(client_id) });
  });

  it('warns when nobody can call, an integration is not set up, or the address is not for the world', async () => {
    const { code, about } = await examine({ ...PRODUCTION, PUBLIC_URL: 'http://patchbay.example' });
    expect(code).toBe(0);
    for (const check of ['clients', 'notion', 'address']) {
      expect(about(check)).toContainEqual(expect.objectContaining({ status: 'warn', advice: expect.any(String) }));
    }
  });

  it('tells a configured integration which callback its provider must know', async () => {
    const { about } = await examine({ ...PRODUCTION, NOTION_CLIENT_ID: 'id', NOTION_CLIENT_SECRET: 'hunter2-hunter2' });
    const [notion] = about('notion');
    expect(notion?.status).toBe('ok');
    expect(notion?.message).toContain('https://patchbay.example/integrations/notion/oauth2callback');
    expect(JSON.stringify(notion)).not.toContain('hunter2');
  });
});
