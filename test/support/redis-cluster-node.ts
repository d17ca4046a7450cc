import { Redis } from 'ioredis';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

const SLOTS = 16_384;
/** The nodes speak to each other on a port that is 10,000 higher. */
const HIGHEST_PORT = 55_535;

/** The smallest cluster: one node with every slot. It refuses keys of different slots in one command as any cluster does. */
export async function startRedisClusterNode(): Promise<RedisServer> {
  const [node] = await startRedisCluster(1);
  if (node === undefined) throw new Error('A cluster has a node.');
  return node;
}

/** Masters that share the slots and know each other. */
export async function startRedisCluster(count: number): Promise<RedisServer[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode()));
  const clients = nodes.map(({ url }) => new Redis(url, { enableReadyCheck: false }));
  try {
    await Promise.all(clients.map((client, position) => takeSlots(client, position, count)));
    for (const { port } of nodes.slice(1)) await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port);
    for (const client of clients) await eventually(() => clusterInfo(client), isWhole);
  } finally {
    for (const client of clients) client.disconnect();
  }
  return nodes;
}

async function startNode(): Promise<RedisServer> {
  const args = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
  return startRedis({ port: await freePort(HIGHEST_PORT), args });
}

async function takeSlots(client: Redis, position: number, count: number): Promise<void> {
  const first = Math.floor((SLOTS * position) / count);
  const next = Math.floor((SLOTS * (position + 1)) / count);
  // Nodes that meet with the same epoch would settle it by themselves, but only after a while.
  await client.call('CLUSTER', 'SET-CONFIG-EPOCH', position + 1);
  await client.call('CLUSTER', 'ADDSLOTSRANGE', first, next - 1);
}

async function clusterInfo(client: Redis): Promise<string> {
  return String(await client.call('CLUSTER', 'INFO'));
}

/** Every slot is somebody's, and this node has heard of it. */
function isWhole(info: string): boolean {
  return info.includes('cluster_state:ok') && info.includes(`cluster_slots_assigned:${SLOTS}`);
}
