import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import type { Finding } from '../../src/cli/finding.ts';
import { type Folder, temporaryFolder } from '../support/built-programs.ts';
import { cli } from '../support/command-in-process.ts';
import { eventually } from '../support/eventually.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';

const RISK =
  'Redis has replicas and min-replicas-to-write 0: cut off from them it still takes writes, and a failover throws ' +
  'those away, renewed grants among them. Set min-replicas-to-write to 1.';

describeWithRedis('The doctor of a Redis', () => {
  let master: RedisServer;
  let admin: Redis;
  let folder: Folder;

  beforeAll(async () => {
    master = await startRedis({ appendOnly: true });
    admin = new Redis(master.url, { disconnectTimeout: 100 });
    folder = temporaryFolder();
  });
  afterAll(async () => {
    admin.disconnect();
    await master.stop();
    folder.remove();
  });
  beforeEach(async () => {
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await admin.config('SET', 'min-replicas-to-write', '0');
  });

  async function storeFindings(nodeEnv = 'production') {
    const environment = {
      NODE_ENV: nodeEnv,
      PUBLIC_URL: 'https://patchbay.example',
      DATA_DIR: folder.path,
      REDIS_URL: master.url,
      ENCRYPTION_KEYS: `first:${randomBytes(32).toString('base64')}`,
    };
    const { code, output } = await cli(environment, ['doctor', '--json'], folder.path);
    const { findings } = JSON.parse(output) as { findings: Finding[] };
    return { code, store: findings.filter(({ check }) => check === 'store') };
  }

  it('has nothing to say against one that keeps what it is told', async () => {
    expect(await storeFindings()).toEqual({ code: 0, store: [expect.objectContaining({ status: 'ok' })] });
  });

  it('fails over one that evicts in production, and warns of it elsewhere', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const message = expect.stringContaining('allkeys-lru');
    expect(await storeFindings()).toEqual({ code: 1, store: [expect.objectContaining({ status: 'fail', message })] });
    const { store } = await storeFindings('development');
    expect(store).toEqual([expect.objectContaining({ status: 'warn', message })]);
  });

  it('warns of one that goes on alone when it is cut off from its replicas, and has an advice', async () => {
    const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(master.port)] });
    try {
      await eventually(
        () => admin.info('replication'),
        (told) => /state=online/.test(told),
      );
      const { code, store } = await storeFindings();
      const warning = { check: 'store', status: 'warn', message: RISK, advice: expect.any(String) };
      expect({ code, store }).toEqual({ code: 0, store: [expect.objectContaining({ status: 'ok' }), warning] });
      await admin.config('SET', 'min-replicas-to-write', '1');
      expect((await storeFindings()).store).toEqual([expect.objectContaining({ status: 'ok' })]);
    } finally {
      await replica.stop();
    }
  });
});
