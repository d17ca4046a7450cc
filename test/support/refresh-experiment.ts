import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from './eventually.ts';
import type { ExperimentAuthority, Refreshes, Slowness } from './experiment-authorities.ts';
import { readPatiently, type Reading } from './patient-reader.ts';
import { OWNER } from './patchbay.ts';
import { startRedis, type RedisServer } from './redis-server.ts';
import type { Replica } from './replica.ts';
import { Replicas } from './replicas.ts';
import type { RequestKey } from './request-signer.ts';
import { SignedCaller } from './signed-caller.ts';

/** Longer than the lease of whoever refreshes lives without being renewed. */
export const TOKEN_ENDPOINT_MS = 13_000;
const READERS_PER_REPLICA = 50;

const READS = {
  credentials: ['/integrations/airtable/credentials', { ...OWNER, include: ['access_token'] }],
  load: ['/integrations/airtable/load', OWNER],
} as const;

export interface Course {
  readonly authority: () => Promise<ExperimentAuthority>;
  /** What the readers ask for; `credentials` (with the token) by default. */
  readonly read?: keyof typeof READS;
  /** What ended the access token: its time, which the service knows of, or its provider. Its time by default. */
  readonly endedBy?: 'time' | 'provider';
  /** When the token endpoint acts: once its 13 s are over, by default. */
  readonly acts?: Slowness['when'];
  /** What goes wrong, and how long after the token endpoint was asked for the first replica. */
  readonly trouble?: Trouble;
}

export interface Trouble {
  readonly afterMs: number;
  readonly strike: (setting: Setting) => unknown;
}

/** What came of it. */
export interface Outcome {
  readonly refreshes: Refreshes;
  readonly readings: readonly Reading[];
  /** The connection as it is listed afterwards. */
  readonly connection: Readonly<Record<string, unknown>>;
  /** What the provider's API says to each of the tokens that were handed out. */
  readonly tokenStatuses: readonly number[];
}

/**
 * Two replicas on one Redis, one connection whose access token has ended, refresh tokens that can be used once, a token
 * endpoint that takes 13 s, and 50 readers of each replica at once.
 */
export async function refreshExperiment(course: Course): Promise<Outcome> {
  const experiment = await inTurn(() => Experiment.start(course));
  try {
    await experiment.prepare(course);
    return await experiment.outcome(await experiment.conduct(course));
  } finally {
    await experiment.end();
  }
}

let lastTurn: Promise<unknown> = Promise.resolve();

/** Experiments that run side by side start one after the other: starting processes takes what running ones need. */
function inTurn<T>(start: () => Promise<T>): Promise<T> {
  const started = lastTurn.then(start);
  lastTurn = started.catch(() => undefined);
  return started;
}

/** What takes part. */
export interface Setting {
  readonly authority: ExperimentAuthority;
  readonly redis: RedisServer;
  readonly replicas: Replicas;
  /** The first that is asked for a token. */
  readonly holder: Replica;
  readonly other: Replica;
  readonly key: RequestKey;
}

class Experiment {
  readonly #setting: Setting;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  static async start(course: Course): Promise<Experiment> {
    const [authority, redis] = await Promise.all([course.authority(), startRedis()]);
    const replicas = new Replicas(redis.url, { REFRESH_AHEAD: 'false', ...authority.environment });
    try {
      const [key, holder, other] = await Promise.all([replicas.newClient(), replicas.start(), replicas.start()]);
      return new Experiment({ authority, redis, replicas, holder, other, key });
    } catch (error) {
      await end({ authority, redis, replicas });
      throw error;
    }
  }

  end(): Promise<void> {
    return end(this.#setting);
  }

  /** To a connection whose access token has ended, and a slow token endpoint. */
  async prepare({ endedBy = 'time', acts = 'before' }: Course): Promise<void> {
    const { authority } = this.#setting;
    if (endedBy === 'provider') await authority.lengthenLives();
    await this.#connect();
    if (endedBy === 'provider') {
      await authority.expireAccess();
    } else {
      const expiresAt = Date.parse(String((await this.#connection())['expires_at']));
      await eventually(
        () => Date.now(),
        (now) => now > expiresAt,
      );
      await authority.lengthenLives();
    }
    await authority.slowDown({ ms: TOKEN_ENDPOINT_MS, when: acts });
  }

  /** Where something is to go wrong, the holder's first reader comes before all others, and makes it the one that refreshes. */
  async conduct({ read = 'credentials', trouble }: Course): Promise<readonly Reading[]> {
    const { holder, other } = this.#setting;
    const readers = (replicas: readonly Replica[], count: number) =>
      Array.from({ length: count }, () => this.#reader(read, replicas));
    const first = trouble === undefined ? [] : readers([holder, other], 1);
    const askedAt = trouble === undefined ? 0 : await this.#asked();
    const rest = readers([holder, other], READERS_PER_REPLICA - first.length);
    const all = Promise.all([...first, ...rest, ...readers([other, holder], READERS_PER_REPLICA)]);
    // A reader that fails meanwhile is heard of at the end.
    all.catch(() => undefined);
    if (trouble !== undefined) {
      await wait(Math.max(0, askedAt + trouble.afterMs - performance.now()));
      await trouble.strike(this.#setting);
    }
    return all;
  }

  async outcome(readings: readonly Reading[]): Promise<Outcome> {
    const { authority } = this.#setting;
    const tokens = new Set(readings.flatMap(({ last }) => last.json['access_token'] ?? []));
    const statusOf = async (token: unknown): Promise<number> => {
      const headers = { authorization: `Bearer ${String(token)}` };
      return (await fetch(`${authority.apiUrl}/meta/whoami`, { headers })).status;
    };
    return {
      refreshes: await authority.refreshes(),
      readings,
      connection: await this.#connection(),
      tokenStatuses: await Promise.all([...tokens].map(statusOf)),
    };
  }

  /** Resolves when the token endpoint has been asked. @returns when that was */
  async #asked(): Promise<number> {
    const { authority } = this.#setting;
    await eventually(
      () => authority.refreshes(),
      ({ asked }) => asked > 0,
    );
    return performance.now();
  }

  async #connect(): Promise<void> {
    const { authority, holder } = this.#setting;
    const caller = this.#caller(holder);
    const begun = await caller.call('POST', '/integrations/airtable/authorize', OWNER);
    const callback = await authority.approve(String(begun.json['authorization_url']));
    const answer = await fetch(new URL(callback.pathname + callback.search, holder.url));
    if (!answer.ok) throw new Error(`The callback answered ${answer.status}: ${await answer.text()}`);
  }

  async #connection(): Promise<Record<string, unknown>> {
    const path = `/connections?${new URLSearchParams(OWNER).toString()}`;
    const { holder, other } = this.#setting;
    const { last } = await readPatiently(
      [holder, other].map((replica) => () => this.#caller(replica).call('GET', path)),
    );
    const [connection, ...rest] = last.json['connections'] as Record<string, unknown>[];
    if (connection === undefined || rest.length > 0) throw new Error(`Not one connection: ${last.text}`);
    return connection;
  }

  #reader(read: keyof typeof READS, replicas: readonly Replica[]): Promise<Reading> {
    const [path, body] = READS[read];
    return readPatiently(replicas.map((replica) => () => this.#caller(replica).call('POST', path, body)));
  }

  #caller({ url }: Replica): SignedCaller {
    return new SignedCaller(url, this.#setting.key);
  }
}

async function end({ authority, redis, replicas }: Pick<Setting, 'authority' | 'redis' | 'replicas'>): Promise<void> {
  await replicas.stop();
  await redis.stop();
  await authority.close();
}
