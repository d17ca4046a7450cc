import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { Answer, Browser } from '../support/http-browser.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';

describeWithRedis('Two replicas on one store', () => {
  let redis: RedisServer;
  let replicas: RunningPatchbay[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(() => Promise.all(replicas.map((replica) => replica.close())));
  afterAll(() => redis.stop());

  const startBoth = async (limits: Record<string, string>): Promise<Browser[]> => {
    const encryptionKeys = `test:${randomBytes(32).toString('base64')}`;
    const environment = { REDIS_URL: redis.url, ENCRYPTION_KEYS: encryptionKeys, ...limits };
    replicas = [await startPatchbay({ environment }), await startPatchbay({ environment })];
    return replicas.map((replica) => replica.newBrowser());
  };

  /** Of so many requests at once, half of them to each replica: how many were answered with which status. */
  const statuses = async (browsers: readonly Browser[], atOnce: number, ask: (browser: Browser) => Promise<Answer>) => {
    const each = browsers.map((browser) => Array.from({ length: atOnce / 2 }, () => ask(browser)));
    const answers = await Promise.all(each.flat());
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  it('serve exactly the limit of 500 parallel requests from one address', async () => {
    const browsers = await startBoth({ RATE_LIMIT_PER_MINUTE: '100' });
    const knock = (browser: Browser) => browser.unsigned('GET', '/integrations');
    expect(await statuses(browsers, 500, knock)).toEqual({ 401: 100, 429: 400 });
  });

  it('serve exactly the limit of parallel requests of one user, and as many of another', async () => {
    const browsers = await startBoth({ RATE_LIMIT_PER_MINUTE_USER: '20' });
    for (const user of ['ann', 'bob']) {
      const ask = (browser: Browser) => browser.get(`/connections?user_id=${user}&org_id=acme`);
      expect(await statuses(browsers, 100, ask)).toEqual({ 200: 20, 429: 80 });
    }
  });
});
