import type { Redis } from 'ioredis';
import { mastersOf, type RedisClient } from './redis-client.ts';

/** Asks every master what it does when it is full and when it restarts. One sentence a problem. */
export async function redisProblems(client: RedisClient): Promise<string[]> {
  const problems = await Promise.all(mastersOf(client).map((master) => problemsOf(master)));
  return [...new Set(problems.flat())];
}

async function problemsOf(master: Redis): Promise<string[]> {
  let settings: ReadonlyMap<string, string>;
  try {
    settings = await readSettings(master);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [
      "Redis doesn't let us read its configuration, so maxmemory-policy (it must be noeviction) and persistence " +
        '(AOF or RDB must be on) could not be checked.',
    ];
  }
  return [...evictionProblems(settings), ...persistenceProblems(settings)];
}

async function readSettings(master: Redis): Promise<ReadonlyMap<string, string>> {
  const settings = new Map<string, string>();
  for (const name of ['maxmemory-policy', 'appendonly', 'save']) {
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
