import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { eventually } from '../support/eventually.ts';
import type { Answer } from '../support/http-browser.ts';
import { startPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const withStatus = (answers: readonly Answer[], status: number) => answers.filter((answer) => answer.status === status);

describeWithRedis('A store that is killed in the middle', () => {
  it('takes no limit with it, and no request: what was let through before, meanwhile and after is one budget', async () => {
    const few = 30;
    const environment = {
      REDIS_URL: redis.url,
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      RATE_LIMIT_PER_MINUTE: String(few),
      TRUSTED_PROXIES: '127.0.0.0/8,::1',
    };
    const patchbay = await startPatchbay({ environment });
    const browser = patchbay.newBrowser();
    const from = (address: string) =>
      browser.unsigned('GET', '/integrations', undefined, { 'x-forwarded-for': address });
    const many = (address: string, count: number) => Promise.all(Array.from({ length: count }, () => from(address)));
    const before = await many('203.0.113.1', 10);
    await redis.kill();
    const meanwhile = await many('203.0.113.1', 10);
    const flood = await many('203.0.113.2', 3 * few);
    await redis.restart();
    const isShared = () => patchbay.log.some((line) => line.includes('rate limits are shared again'));
    let passers = 0;
    await eventually(() => from(`198.51.100.${(passers += 1) % 256}`).then(isShared), Boolean);
    const after = await many('203.0.113.1', 3 * few);

    expect(withStatus([...before, ...meanwhile], 401)).toHaveLength(20);
    expect(withStatus(after, 401)).toHaveLength(few - 20);
    expect(withStatus(flood, 401)).toHaveLength(few);
    for (const answer of [...before, ...meanwhile, ...flood, ...after]) {
      expect([401, 429]).toContain(answer.status);
      expect(answer.headers.get('ratelimit-policy')).toBe(`"ip";q=${few};w=60`);
    }
    const said = patchbay.log.filter((line) => line.includes('counted by this process alone'));
    expect(said).toHaveLength(1);
    await patchbay.close();
  });
});
