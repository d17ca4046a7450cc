import { slotOf, type PageSession } from './page-session.ts';

/** Where sessions outlive the page. IndexedDB alone can keep a key whose bytes nobody may have. */
export interface SessionStore {
  all(): Promise<PageSession[]>;
  put(session: PageSession): Promise<void>;
  remove(session: PageSession): Promise<void>;
}

const DATABASE = 'patchbay';
const SESSIONS = 'sessions';

/** For browsers that keep nothing (private windows of some), a session lasts as long as the page. */
export class MemorySessionStore implements SessionStore {
  readonly #sessions = new Map<string, PageSession>();

  all(): Promise<PageSession[]> {
    return Promise.resolve([...this.#sessions.values()]);
  }

  put(session: PageSession): Promise<void> {
    this.#sessions.set(slotOf(session.kind, session.owner), session);
    return Promise.resolve();
  }

  remove(session: PageSession): Promise<void> {
    const slot = slotOf(session.kind, session.owner);
    if (this.#sessions.get(slot)?.sessionId === session.sessionId) this.#sessions.delete(slot);
    return Promise.resolve();
  }
}

class IndexedDbSessionStore implements SessionStore {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  all(): Promise<PageSession[]> {
    return settled(this.#sessions('readonly').getAll() as IDBRequest<PageSession[]>);
  }

  async put(session: PageSession): Promise<void> {
    await settled(this.#sessions('readwrite').put(session, slotOf(session.kind, session.owner)));
  }

  /** Only this very session: another tab may have put its successor there. */
  async remove(session: PageSession): Promise<void> {
    const slot = slotOf(session.kind, session.owner);
    const sessions = this.#sessions('readwrite');
    const kept = await settled(sessions.get(slot) as IDBRequest<PageSession | undefined>);
    if (kept?.sessionId === session.sessionId) await settled(sessions.delete(slot));
  }

  #sessions(mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction(SESSIONS, mode).objectStore(SESSIONS);
  }
}

export async function openSessionStore(): Promise<SessionStore> {
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => void opening.result.createObjectStore(SESSIONS);
    return new IndexedDbSessionStore(await settled(opening));
  } catch {
    return new MemorySessionStore();
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused.'));
  });
}
