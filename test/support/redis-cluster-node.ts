import { Redis } from 'ioredis';
import { eventually } from './eventually.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

const LAST_SLOT = 16_383;

/** The smallest cluster: one node with every slot. It refuses keys of different slots in one command as any cluster does. */
export async function startRedisClusterNode(): Promise<RedisServer> {
  const server = await startRedis({ args: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] });
  const client = new Redis(server.url, { enableReadyCheck: false });
  try {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', 0, LAST_SLOT);
    await eventually(
      async () => String(await client.call('CLUSTER', 'INFO')),
      (info) => info.includes('cluster_state:ok'),
    );
  } finally {
    client.disconnect();
  }
  return server;
}
