import type { Redis } from 'ioredis';

/**
 * Makes everything under the keys that match as old as if so much time had passed: lives are shorter, and the times in
 * sorted sets lie further back. The clock of a Redis can't be moved.
 */
export async function age(admin: Redis, pattern: string, ms: number): Promise<void> {
  for (const key of await admin.keys(pattern)) {
    const unitsPerMs = unitsIn(key, await admin.type(key));
    if (unitsPerMs > 0) {
      for (const member of await admin.zrange(key, 0, '-1')) await admin.zincrby(key, -ms * unitsPerMs, member);
    }
    const lifeMs = await admin.pttl(key);
    if (lifeMs >= 0) await (lifeMs <= ms ? admin.del(key) : admin.pexpire(key, lifeMs - ms));
  }
}

/** How many units of a sorted set's times are a millisecond; 0: its times are not Redis' own. */
function unitsIn(key: string, type: string): number {
  if (type !== 'zset' || key.endsWith(':due:')) return 0;
  return key.endsWith(':window:') ? 1_000 : 1;
}
