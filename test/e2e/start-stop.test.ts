import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { ensureBuilt, type Folder, Program, temporaryFolder } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { OWNER } from '../support/owner.ts';

interface Child {
  readonly pid: number;
  readonly command: string;
}

function childrenOf(pid: number): Child[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, child, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === pid ? [{ pid: Number(child), command }] : [];
  });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function allEnd(children: readonly Child[]): Promise<void> {
  expect(children).toHaveLength(2);
  await eventually(
    () => children.filter(({ pid }) => isRunning(pid)),
    (left) => left.length === 0,
  );
}

describe('npm start', () => {
  let folder: Folder;
  let environment: Record<string, string>;
  let start: Program;

  beforeAll(ensureBuilt);
  beforeEach(async () => {
    folder = temporaryFolder();
    const [port, sandboxPort] = [await freePort(), await freePort()];
    environment = { PORT: String(port), SANDBOX_PORT: String(sandboxPort), DATA_DIR: `${folder.path}/data` };
  });
  afterEach(async () => {
    await start.stop('SIGKILL');
    folder.remove();
  });

  const run = (extra: Record<string, string> = {}): void => {
    start = new Program('tools/start.mjs', { ...environment, ...extra }, folder.path);
  };
  const ready = async (): Promise<Child[]> => {
    await start.said('documented at');
    return childrenOf(start.pid).filter(({ command }) => command.includes('dist/'));
  };

  it('says where the service and its documentation are, and both are there, as is the sandbox', async () => {
    run();
    await ready();
    const url = `http://localhost:${environment['PORT'] ?? ''}`;
    expect(start.output).toContain(`Patchbay is ready: ${url}\nIts API is documented at ${url}/docs\n`);
    expect(start.output).not.toContain('Building');
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html');
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    expect((await fetch(`http://localhost:${environment['SANDBOX_PORT'] ?? ''}/_control/stats`)).status).toBe(200);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends everything with 0 on %s', async (signal) => {
    run();
    const children = await ready();
    expect(await start.stop(signal)).toEqual({ code: 0, signal: null });
    await allEnd(children);
    expect(start.errors).toBe('');
  });

  it('leaves nothing running when it is killed itself', async () => {
    run();
    const children = await ready();
    await start.stop('SIGKILL');
    await allEnd(children);
  });

  it.each(['dist/src/main.js', 'dist/sandbox/main.js'])('ends with a failure when %s is killed', async (file) => {
    run();
    const children = await ready();
    const victim = children.find(({ command }) => command.includes(file));
    process.kill(victim?.pid ?? NaN, 'SIGKILL');
    expect(await start.ended()).toEqual({ code: 1, signal: null });
    await allEnd(children);
    expect(start.errors).toMatch(/^The (?:service|sandbox) ended by itself \(SIGKILL\)\.\n$/);
  });

  it.each(['PORT', 'SANDBOX_PORT'])('says in one line that the port of %s is taken', async (key) => {
    const port = environment[key] ?? '';
    const other = createServer().listen(Number(port), '127.0.0.1');
    await once(other, 'listening');
    run();
    expect(await start.ended()).toEqual({ code: 1, signal: null });
    other.close();
    expect(start.errors).toBe(`Port ${port} is in use. Stop what listens there, or set ${key} to another one.\n`);
    expect(start.output).toBe('');
  });

  it('starts no sandbox where another one is named', async () => {
    run({ SANDBOX_URL: 'http://localhost:9' });
    expect(await ready()).toHaveLength(1);
  });

  it('is no demo in production: no sandbox, and nobody is let in who does not sign', async () => {
    const keys = `k1:${randomBytes(32).toString('base64')}`;
    run({ NODE_ENV: 'production', ENCRYPTION_KEYS: keys });
    expect(await ready()).toHaveLength(1);
    expect(start.output).not.toContain('Sandbox listening');
    const url = `http://localhost:${environment['PORT'] ?? ''}`;
    const demoLogin = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(OWNER) };
    expect((await fetch(`${url}/demo/sessions`, demoLogin)).status).toBe(404);
    const unsigned = await fetch(`${url}/integrations`);
    expect(unsigned.status).toBe(401);
    expect(await unsigned.json()).toMatchObject({ error: 'signature_required' });
  });
});
