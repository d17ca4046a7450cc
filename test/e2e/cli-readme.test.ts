import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, type Folder, Program, temporaryFolder } from '../support/built-programs.ts';
import { CommandLine } from '../support/command-line.ts';
import { freePort } from '../support/free-port.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const SAYS_README = 'http://localhost:8000';

/** The first block of this language below a heading. */
function block(heading: string, language: string): string {
  const [, section = ''] = README.split(`\n## ${heading}\n`);
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(section) ?? [];
  if (code === undefined) throw new Error(`README has no ${language} below "${heading}".`);
  return code;
}

describe('What the README says to type', () => {
  let folder: Folder;
  let product: Program;
  let url: string;
  let cli: CommandLine;

  beforeAll(ensureBuilt);
  beforeAll(async () => {
    folder = temporaryFolder();
    const [port, sandboxPort] = [await freePort(), await freePort()];
    url = `http://localhost:${port}`;
    writeFileSync(join(folder.path, '.env'), `PORT=${port}\nSANDBOX_PORT=${sandboxPort}\n`);
    product = new Program('tools/start.mjs', {}, folder.path);
    cli = new CommandLine({ program: 'tools/cli.mjs', environment: {}, cwd: folder.path });
    await product.said('documented at');
  });
  afterAll(async () => {
    await product.stop();
    folder.remove();
  });

  /** As on the page, but for this installation's address, and npm, which would look for its scripts in this folder. */
  const shell = (script: string): string => {
    const here = script
      .replaceAll(SAYS_README, url)
      .replace(/npm run --silent (cli|clients) --/g, (_all, name) => `command_line ${name === 'cli' ? '' : 'clients'}`);
    const commandLine = `command_line() { "${process.execPath}" "${join(ROOT, 'tools/cli.mjs')}" "$@"; }\n`;
    const env = { PATH: process.env['PATH'], NODE_OPTIONS: '--disable-warning=ExperimentalWarning' };
    const { stdout, stderr } = spawnSync('sh', ['-c', commandLine + here], { cwd: folder.path, env, encoding: 'utf8' });
    return stdout + stderr;
  };

  it('makes a client, connects Notion in the sandbox and lists its items, from a shell', () => {
    const said = shell(block('Try it from a shell', 'sh'));
    expect(said).toMatch(/\/\?status=connected&connection_id=/);
    expect(said).toContain('"integration":"notion"');
    expect(said).toMatch(/"items":\[\{/);
  });

  it('signs a request in one command', () => {
    const [create = '', request = ''] = block('Who may call it', 'sh').split(/\n(?=npm run --silent cli )/);
    const [id = ''] = /cli_\S+/.exec(shell(create)) ?? [];
    expect(JSON.parse(shell(request.replace('cli_…', id)).replace(/^201 Created$/m, ''))).toMatchObject({
      expires_in: 600,
    });
  });

  it('signs a request in fifteen lines of TypeScript', async () => {
    const code = block('Who may call it', 'ts');
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    const client = await cli.issue(['clients', 'create', 'ts', '--permissions', 'sessions:create', '--org', 'acme']);
    // Below the project, where its packages are found, as they are in whatever project it is copied into.
    mkdirSync(join(ROOT, 'test-output'), { recursive: true });
    const project = mkdtempSync(join(ROOT, 'test-output', 'readme-'));
    const env = { PATH: process.env['PATH'], PATCHBAY_CLIENT: client.client_id, PATCHBAY_SECRET: client.secret };
    writeFileSync(join(project, 'example.ts'), code.replaceAll(SAYS_README, url));
    const { stdout, stderr } = spawnSync(process.execPath, ['example.ts'], { cwd: project, env, encoding: 'utf8' });
    rmSync(project, { recursive: true });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/session_token: '[A-Za-z0-9_-]{43}'[\s\S]*expires_in: 600/);
  });
});
