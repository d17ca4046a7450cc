import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderName } from '../../sandbox/core/providers.ts';
import type { Environment } from '../../src/config/load-config.ts';
import { integrationNames } from '../../src/integrations/registry.ts';
import { OWNER, startPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

/** Everything secret that the journey below brought into being, as the provider knows it. */
interface Secrets {
  readonly values: readonly string[];
  readonly log: string;
}

/** Connects everything, uses it, refreshes it, and leaves two authorizations under way. */
async function liveThroughIt(environment: Environment, inspect: (dataDir: string) => Promise<string>) {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-secrets-'));
  const dataFile = join(folder, 'sandbox.sqlite');
  const clientSecrets = new Map(integrationNames.map((name) => [name, `canary-${randomBytes(16).toString('hex')}`]));
  const patchbay = await startPatchbay({
    environment,
    sandbox: {
      dataFile,
      clients: integrationNames.map((name) => ({
        provider: name as ProviderName,
        clientId: `canary-${name}`,
        clientSecret: clientSecrets.get(name) ?? '',
      })),
    },
    clients: clientSecrets,
  });
  try {
    const browser = patchbay.newBrowser();
    const states: string[] = [];
    for (const name of integrationNames) {
      const page = await browser.connect(name, OWNER);
      if (page.status !== 200) throw new Error(page.text);
      await new SandboxControl(patchbay.sandbox).expire(name, 'access');
      const load = await browser.post(`/integrations/${name}/load`, OWNER);
      if (load.status !== 200) throw new Error(load.text);
      states.push((await browser.begin(name, OWNER)).state);
    }
    const stored = await inspect(patchbay.dataDir);
    const secrets: Secrets = {
      values: [...givenOut(dataFile), ...clientSecrets.values(), ...states],
      log: patchbay.log.join('\n'),
    };
    return { stored, secrets };
  } finally {
    await patchbay.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function givenOut(sandboxFile: string): string[] {
  const database = new DatabaseSync(sandboxFile, { readOnly: true });
  const rows = database.prepare('SELECT token AS secret FROM tokens UNION ALL SELECT code FROM codes').all();
  database.close();
  return rows.map((row) => String(row['secret']));
}

function expectNoneOf({ values, log }: Secrets, stored: string): void {
  // Access, refresh and code for each of four at the least, or the test looks for nothing.
  expect(values.length).toBeGreaterThan(20);
  expect(stored.length).toBeGreaterThan(1000);
  for (const value of values) {
    expect(value.length).toBeGreaterThan(15);
    expect(stored.includes(value)).toBe(false);
    expect(log.includes(value)).toBe(false);
    expect(stored.includes(Buffer.from(value).toString('base64url').slice(0, 40))).toBe(false);
  }
}

describe('No token, code, state or client secret', () => {
  it('lies readable in the files of the embedded store, or was ever logged', async () => {
    const { stored, secrets } = await liveThroughIt({}, (dataDir) => {
      const files = readdirSync(dataDir).filter((name) => name !== 'encryption.key');
      expect(files.some((name) => name.endsWith('.sqlite'))).toBe(true);
      return Promise.resolve(files.map((name) => readFileSync(join(dataDir, name), 'latin1')).join('\n'));
    });
    expect(stored).toContain('pb1.');
    expectNoneOf(secrets, stored);
  });
});

describeWithRedis('On Redis', () => {
  it('no token, code, state or client secret lies readable in any key or value, or was ever logged', async () => {
    const redis = await startRedis();
    const client = new Redis(redis.url);
    try {
      const { stored, secrets } = await liveThroughIt({ REDIS_URL: redis.url }, () => dump(client));
      expect(stored).toContain('pb1.');
      expectNoneOf(secrets, stored);
    } finally {
      client.disconnect();
      await redis.stop();
    }
  });
});

async function dump(client: Redis): Promise<string> {
  const lines: string[] = [];
  for (const key of await client.keys('*')) {
    const type = await client.type(key);
    const read = {
      string: () => client.get(key),
      hash: () => client.hgetall(key),
      zset: () => client.zrange(key, 0, '-1'),
      set: () => client.smembers(key),
      list: () => client.lrange(key, 0, -1),
    }[type];
    if (read === undefined) throw new Error(`A key of type ${type}, which this test can't read.`);
    lines.push(key, JSON.stringify(await read()));
  }
  return lines.join('\n');
}
