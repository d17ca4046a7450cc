import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, type Folder, temporaryFolder } from '../support/built-programs.ts';
import { CommandLine, type Issued } from '../support/command-line.ts';

const NEW = ['clients', 'create', 'shop', '--permissions', 'items:read'];

describe('npm run cli', () => {
  let folder: Folder;
  let cli: CommandLine;

  beforeAll(ensureBuilt);
  beforeAll(() => {
    folder = temporaryFolder();
    cli = new CommandLine({ program: 'tools/cli.mjs', environment: {}, cwd: folder.path });
  });
  afterAll(() => folder.remove());

  it('works on what npm start works on in the same folder: its .env, its demo, its data', async () => {
    writeFileSync(join(folder.path, '.env'), 'DATA_DIR=here\nPORT=8765\n');
    const { output, code } = await cli.run(['doctor', '--json']);
    expect(code).toBe(0);
    const { findings } = JSON.parse(output) as { findings: { check: string; message: string }[] };
    const said = findings.map(({ check, message }) => `${check}: ${message}`).join('\n');
    expect(said).toContain('as a demo');
    expect(said).toContain('http://localhost:8765/integrations/notion/oauth2callback');
    expect(said).toContain(join(folder.path, 'here'));
    const client: Issued = await cli.issue([...NEW, '--org', 'acme']);
    const { clients } = (await cli.json(['clients', 'list'])) as { clients: Issued[] };
    expect(clients.map(({ client_id }) => client_id)).toEqual([client.client_id]);
  });
});
