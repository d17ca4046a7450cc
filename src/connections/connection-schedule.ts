import type { KeyValueStore } from '../storage/key-value-store.ts';
import type { Connection } from './connection.ts';
import { partitionOf } from './owner.ts';
import type { RecordPlace } from './connection-record.ts';

/** What is to be done with connections, by when: members name where a record lies. */
export const IDLE_INDEX = 'connection-idle';

/** One an integration: a provider that is down, slow or out of use leaves the others' alone. */
export function refreshIndexOf(integration: string): string {
  return `connection-refresh/${integration}`;
}

const DAY_MS = 86_400_000;
/** After the day an unused connection is ended on, for whoever ends it: later the store forgets it by itself. */
const GRACE_SECONDS = 86_400;
const SHORTEST_LIFE_SECONDS = 60;

/** When a connection is renewed ahead of need, and when it counts as unused. */
export class ConnectionSchedule {
  readonly #store: KeyValueStore;
  readonly #idleTtlMs: number;

  constructor(store: KeyValueStore, idleTtlDays: number) {
    this.#store = store;
    this.#idleTtlMs = idleTtlDays * DAY_MS;
  }

  /** When it ends unless it is used before, in epoch milliseconds. */
  idleAt(connection: Connection): number {
    return Math.max(connection.lastUsedAt ?? 0, connection.authorizedAt) + this.#idleTtlMs;
  }

  /** Seconds a record written now may live. A write is no use: it lengthens nothing. */
  lifeSeconds(connection: Connection, now: number): number {
    return Math.max(SHORTEST_LIFE_SECONDS, Math.ceil((this.idleAt(connection) - now) / 1000)) + GRACE_SECONDS;
  }

  /** After a connection was written first, or anew. */
  async enter(connection: Connection): Promise<void> {
    await this.refresh(connection);
    await this.idle(connection);
  }

  /** Ended connections aren't renewed. */
  async refresh({ refresh, status, ...connection }: Connection): Promise<void> {
    const index = refreshIndexOf(connection.integration);
    const member = memberOf(connection);
    if (refresh.nextAt === null || status !== 'active') await this.#store.unschedule(index, member);
    else await this.#store.schedule(index, member, refresh.nextAt);
  }

  async idle(connection: Connection): Promise<void> {
    await this.#store.schedule(IDLE_INDEX, memberOf(connection), this.idleAt(connection));
  }

  async leave(connection: Connection): Promise<void> {
    const member = memberOf(connection);
    await this.#store.unschedule(refreshIndexOf(connection.integration), member);
    await this.#store.unschedule(IDLE_INDEX, member);
  }
}

type Placed = Pick<Connection, 'orgId' | 'userId' | 'connectionId'>;

function memberOf(connection: Placed): string {
  return `${partitionOf(connection)}/${connection.connectionId}`;
}

/** @returns undefined for a member that isn't one of ours */
export function placeOf(member: string): RecordPlace | undefined {
  const [partition, connectionId, ...rest] = member.split('/');
  if (partition === undefined || connectionId === undefined || rest.length > 0) return undefined;
  return { partition, connectionId };
}
