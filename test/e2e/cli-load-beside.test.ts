import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ensureBuilt, temporaryFolder } from '../support/built-programs.ts';
import { CommandLine } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { loadAll } from '../support/load-all.ts';
import { OWNER, startPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const LOAD = ['load', 'airtable', '--user', OWNER.user_id, '--org', OWNER.org_id, '--types', 'base'];
const QUERY = { ...OWNER, item_types: ['base'] };

/** The token has ended, and both need another at once. */
async function loadBeside(store: Record<string, string>): Promise<void> {
  const folder = temporaryFolder();
  const keys = { ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}` };
  const patchbay = await startPatchbay({ environment: { ...store, ...keys } });
  try {
    const sandbox = new SandboxControl(patchbay.sandbox);
    const browser = patchbay.newBrowser();
    await browser.connect('airtable', OWNER);
    const items = await loadAll(browser, 'airtable', QUERY);
    await sandbox.expire('airtable', 'access');
    // Long enough for the command to come while the service refreshes.
    const slow = { mode: 'slow', when: 'after', delay_ms: 4_000, times: 1 } as const;
    await sandbox.fault({ provider: 'airtable', endpoint: 'token', ...slow });
    const served = loadAll(browser, 'airtable', QUERY);
    await eventually(
      () => sandbox.stats('airtable'),
      ({ refreshes }) => refreshes === 1,
    );
    const environment = {
      DEMO: 'true',
      DATA_DIR: patchbay.dataDir,
      SANDBOX_URL: patchbay.sandbox.url,
      ...store,
      ...keys,
    };
    const { code, output, errors } = await new CommandLine({ environment, cwd: folder.path }).run(LOAD);
    expect({ code, errors }).toEqual({ code: 0, errors: expect.stringMatching(/^Loaded 12 items in 1 page /) });
    const lines = output.split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(items);
    expect(await served).toEqual(items);
    expect(await sandbox.stats('airtable')).toMatchObject({ refreshes: 1, rotated_token_reuse: 0 });
  } finally {
    await patchbay.close();
    folder.remove();
  }
}

const BOTH = 'a token is refreshed once for the command load and the service beside it';

beforeAll(ensureBuilt);

describe('Over the embedded store', () => {
  it(BOTH, () => loadBeside({}));
});

describeWithRedis('Over Redis', () => {
  it(BOTH, async () => {
    const redis = await startRedis();
    try {
      await loadBeside({ REDIS_URL: redis.url });
    } finally {
      await redis.stop();
    }
  });
});
