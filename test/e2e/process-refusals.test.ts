import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { ensureBuilt, type Ended, type Folder, Program, temporaryFolder } from '../support/built-programs.ts';
import { freePort } from '../support/free-port.ts';

const FAILED: Ended = { code: 1, signal: null };

describe('The built service refuses to start', () => {
  let folder: Folder;
  let demo: Record<string, string>;

  const refused = async (environment: Record<string, string>): Promise<string> => {
    const service = new Program('dist/src/main.js', environment, folder.path);
    expect(await service.ended()).toEqual(FAILED);
    expect(service.output).not.toContain('is ready');
    return service.errors;
  };

  beforeAll(ensureBuilt);
  beforeAll(() => {
    folder = temporaryFolder();
  });
  beforeEach(async () => {
    demo = { DEMO: 'true', DATA_DIR: folder.path, PORT: String(await freePort()) };
  });
  afterAll(() => folder.remove());

  it('as a demo that other machines could reach', async () => {
    const reachable = [
      { HOST: '0.0.0.0' },
      { PUBLIC_URL: 'https://a.example' },
      { ALLOWED_ORIGINS: 'https://a.example' },
    ];
    for (const one of reachable) {
      const message = await refused({ ...demo, ...one });
      expect(message).toMatch(` DEMO: may be true only with ${Object.keys(one).join()} on this machine`);
    }
  });

  it('as a demo that hands out accounts of a real OAuth app', async () => {
    const message = await refused({ ...demo, NOTION_CLIENT_ID: 'an-app', NOTION_CLIENT_SECRET: 'its-secret' });
    expect(message).toMatch(/ {2}NOTION_CLIENT_ID: is of a real OAuth app, .* DEMO_REAL_ACCOUNTS=true/);
    expect(message).not.toContain('an-app');
  });

  it('in production without keys of its own, with either store', async () => {
    const production = { ...demo, DEMO: '', NODE_ENV: 'production' };
    expect(await refused(production)).toMatch(/ {2}ENCRYPTION_KEYS: is required/);
    expect(await refused({ ...production, REDIS_URL: 'redis://127.0.0.1:1' })).toMatch(
      / {2}ENCRYPTION_KEYS: is required/,
    );
  });

  it('as a demo in production', async () => {
    expect(await refused({ ...demo, NODE_ENV: 'production' })).toMatch(/ {2}DEMO: must not be true/);
  });

  it('naming every key that is of no use, and no value', async () => {
    const bad = {
      PORT: 'seven-thousand',
      PUBLIC_URL: 'ftp://files.invalid',
      REDIS_URL: 'https://hunter2.invalid',
      ENCRYPTION_KEYS: 'correct horse battery staple',
      SLACK_CLIENT_SECRET: 'secret-without-an-id',
      LOG_LEVEL: 'shout',
    };
    const message = await refused({ ...demo, ...bad });
    const named = [...message.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, key]) => key);
    expect(named.sort()).toEqual(
      ['ENCRYPTION_KEYS', 'LOG_LEVEL', 'PORT', 'PUBLIC_URL', 'REDIS_URL', 'SLACK_CLIENT_ID'].sort(),
    );
    for (const value of Object.values(bad)) expect(message).not.toContain(value);
    expect(message).not.toMatch(/^ +at /m);
  });

  it('on a port that someone else has, naming it in one line', async () => {
    const other = createServer().listen(Number(demo['PORT']), '127.0.0.1');
    await once(other, 'listening');
    const message = await refused(demo);
    other.close();
    expect(message).toBe(`Patchbay does not start: port ${demo['PORT'] ?? ''} is in use on 127.0.0.1.\n`);
  });

  it('over a data directory that cannot be one, in one line', async () => {
    const message = await refused({ ...demo, DATA_DIR: process.execPath });
    expect(message).toMatch(/^Patchbay does not start: .*\n$/);
  });
});
