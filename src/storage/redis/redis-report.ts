import type { Redis } from 'ioredis';
import type { StoreReport } from '../key-value-store.ts';
import { mastersOf, type RedisClient } from './redis-client.ts';

type Findings = Pick<StoreReport, 'problems' | 'risks'>;

/** Asks every master what it does when it is full, when it restarts and when it is cut off. One sentence a finding. */
export async function redisFindings(client: RedisClient): Promise<Findings> {
  const found = await Promise.all(mastersOf(client).map((master) => findingsOf(master)));
  return {
    problems: [...new Set(found.flatMap(({ problems }) => problems))],
    risks: [...new Set(found.flatMap(({ risks }) => risks))],
  };
}

async function findingsOf(master: Redis): Promise<Findings> {
  let settings: ReadonlyMap<string, string>;
  try {
    settings = await readSettings(master);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const problem =
      "Redis doesn't let us read its configuration, so maxmemory-policy (it must be noeviction) and persistence " +
      '(AOF or RDB must be on) could not be checked.';
    return { problems: [problem], risks: [] };
  }
  return {
    problems: [...evictionProblems(settings), ...persistenceProblems(settings)],
    risks: await failoverRisks(master, settings),
  };
}

async function readSettings(master: Redis): Promise<ReadonlyMap<string, string>> {
  const settings = new Map<string, string>();
  for (const name of ['maxmemory-policy', 'appendonly', 'save', 'min-replicas-to-write']) {
    const [, value] = await master.config('GET', name);
    if (value !== undefined) settings.set(name, value);
  }
  return settings;
}

/** NOPERM from an access list; "unknown command" where a hosting company took CONFIG away. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^NOPERM|unknown command/i.test(error.message);
}

function evictionProblems(settings: ReadonlyMap<string, string>): string[] {
  const policy = settings.get('maxmemory-policy');
  if (policy === undefined || policy === 'noeviction') return [];
  return [`Redis has maxmemory-policy ${policy}: when it is full it deletes grants. Set it to noeviction.`];
}

function persistenceProblems(settings: ReadonlyMap<string, string>): string[] {
  const keepsNothing = settings.get('appendonly') === 'no' && settings.get('save') === '';
  if (!keepsNothing) return [];
  return ['Redis has neither AOF nor RDB persistence: a restart loses every grant. Set appendonly to yes.'];
}

/**
 * A master that lost its replicas goes on taking writes; if one of them is made the master meanwhile, they are thrown away
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/replication/, "Allow writes only with N attached replicas").
 */
async function failoverRisks(master: Redis, settings: ReadonlyMap<string, string>): Promise<string[]> {
  if (settings.get('min-replicas-to-write') !== '0') return [];
  if ((await connectedReplicas(master)) === 0) return [];
  return [
    'Redis has replicas and min-replicas-to-write 0: cut off from them it still takes writes, and a failover throws ' +
      'those away, renewed grants among them. Set min-replicas-to-write to 1.',
  ];
}

async function connectedReplicas(master: Redis): Promise<number> {
  try {
    return Number(/^connected_slaves:(\d+)/m.exec(await master.info('replication'))?.[1] ?? 0);
  } catch (error) {
    if (isRefusal(error)) return 0;
    throw error;
  }
}
