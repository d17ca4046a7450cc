import { Secret } from '../errors/secret.ts';
import type { HostAndPort, StoreConfig } from './app-config.ts';
import type { ServerEnvironment } from './environment.ts';

/** Which store the environment asks for: a Redis however it is reached, else the embedded file. */
export function storeConfig(server: ServerEnvironment, sqlitePath: string): StoreConfig {
  const tls = server.REDIS_TLS ?? false;
  const access = {
    tls,
    ...(server.REDIS_PASSWORD === undefined ? {} : { password: new Secret(server.REDIS_PASSWORD) }),
  };
  if (server.REDIS_URL !== undefined) return { kind: 'redis-url', url: new Secret(server.REDIS_URL) };
  if (server.REDIS_HOST !== undefined) {
    return { kind: 'redis-host', node: { host: server.REDIS_HOST, port: server.REDIS_PORT ?? 6379 }, ...access };
  }
  if (server.REDIS_SENTINELS !== undefined) {
    const name = server.REDIS_SENTINEL_NAME ?? '';
    return { kind: 'redis-sentinel', sentinels: server.REDIS_SENTINELS.map(hostAndPort), name, ...access };
  }
  if (server.REDIS_CLUSTER_NODES !== undefined) {
    return { kind: 'redis-cluster', nodes: server.REDIS_CLUSTER_NODES.map(hostAndPort), ...access };
  }
  return { kind: 'sqlite', path: sqlitePath };
}

function hostAndPort(text: string): HostAndPort {
  const [host = '', port = ''] = text.split(':');
  return { host, port: Number(port) };
}
