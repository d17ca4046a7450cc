import { Redis } from 'ioredis';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './service.ts';

export interface RedisUsage {
  readonly cpuMs: number;
  readonly memoryMb: number;
}

/** A redis-server of the bench's own, which keeps its records as one for production must (append-only, every second). */
export interface BenchRedis {
  readonly url: string;
  usage(): Promise<RedisUsage>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 10_000;

export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

export async function startRedis(): Promise<BenchRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-bench-redis-'));
  const port = await freePort();
  const kept = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''];
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, ...kept];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  await ready(client);
  return {
    url: `redis://127.0.0.1:${port}`,
    usage: async () => {
      const info = `${await client.info('cpu')}${await client.info('memory')}`;
      const value = (name: string): number => Number(new RegExp(`^${name}:([0-9.]+)`, 'm').exec(info)?.[1]);
      const cpuMs = (value('used_cpu_user') + value('used_cpu_sys')) * 1000;
      return { cpuMs, memoryMb: value('used_memory') / 2 ** 20 };
    },
    stop: () => stop(client, server, directory),
  };
}

async function ready(client: Redis): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await client.connect();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}

async function stop(client: Redis, server: ChildProcess, directory: string): Promise<void> {
  client.disconnect();
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
  rmSync(directory, { recursive: true, force: true });
}
