import { Redis } from 'ioredis';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything the embedded store has written, as text that can be searched. Not the key it is sealed with. */
export function textOfFiles(dataDir: string): string {
  const files = readdirSync(dataDir).filter((name) => name !== 'encryption.key');
  if (!files.some((name) => name.endsWith('.sqlite'))) throw new Error('There is no store here.');
  return files.map((name) => readFileSync(join(dataDir, name), 'latin1')).join('\n');
}

/** Every key and value of a Redis, as text that can be searched. */
export async function textOfRedis(url: string): Promise<string> {
  const client = new Redis(url);
  try {
    const lines: string[] = [];
    for (const key of await client.keys('*')) lines.push(key, await valueOf(client, key));
    return lines.join('\n');
  } finally {
    client.disconnect();
  }
}

async function valueOf(client: Redis, key: string): Promise<string> {
  const type = await client.type(key);
  const read = {
    string: () => client.get(key),
    hash: () => client.hgetall(key),
    zset: () => client.zrange(key, 0, '-1'),
    set: () => client.smembers(key),
    list: () => client.lrange(key, 0, -1),
    // It has ended since it was listed.
    none: () => Promise.resolve(null),
  }[type];
  if (read === undefined) throw new Error(`A key of type ${type}, which this can't read.`);
  return JSON.stringify(await read());
}
