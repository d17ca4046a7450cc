import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { ConnectionLifecycle } from '../connections/connection-lifecycle.ts';
import type { Connection } from '../connections/connection.ts';
import { LatestEntries } from '../connections/latest-entries.ts';
import { CredentialCipher, UnsealError, type SealContext } from '../crypto/credential-cipher.ts';
import { digest } from '../crypto/digest.ts';
import { reasonOf } from '../errors/patchbay-error.ts';
import { KeyValueStore, type RecordKey } from '../storage/key-value-store.ts';
import { BackgroundLine } from './background-line.ts';
import { KEPT_AGAIN_AFTER_MS, withLink, type KeptPlace } from './kept-chains.ts';
import { KeptIndex } from './kept-index.ts';
import { bytesHeld, packPage, unpackPage, type KeptPage, type PageMark } from './kept-page.ts';
import type { LoadPosition } from './load-position.ts';
import type { PageRequest } from './load-page.ts';

const FORMAT = 1;
/** Of one page, sealed. */
const MAX_PAGE_BYTES = 256 * 1024;
/** Of pages that wait to be kept, in memory: some 20,000 items. */
const LONGEST_LINE_BYTES = 16 * 1024 * 1024;
const REMEMBERED_PAGES = 10_000;

/** Which page of whose load. */
export interface LoadedFrom {
  readonly connection: Connection;
  readonly request: Omit<PageRequest, 'signal'>;
  readonly from: LoadPosition;
}

interface Remembered {
  readonly start: string;
  readonly complete: boolean;
  readonly keptAt: number;
}

/**
 * The last good load of each connection and query, page by page, for when its provider can't be reached. Sealed, and kept for
 * STALE_LOAD_TTL_HOURS at most; as much as kept-chains.ts allows a connection; gone with the grant it was loaded with.
 * Written behind the answer's back, each page once in five minutes at most.
 */
@Injectable()
export class LastLoads implements OnModuleInit, OnApplicationShutdown {
  readonly #log = new Logger(LastLoads.name);
  readonly #line = new BackgroundLine(LONGEST_LINE_BYTES);
  /** What this process has kept lately: the most loads end here, for the price of a fingerprint. */
  readonly #lately = new LatestEntries<string, Remembered>(REMEMBERED_PAGES);
  readonly #ttlSeconds: number;

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(CredentialCipher) private readonly cipher: CredentialCipher,
    @Inject(ConnectionLifecycle) private readonly connections: ConnectionLifecycle,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.#ttlSeconds = config.staleLoadTtlHours * 3600;
  }

  onModuleInit(): void {
    this.connections.onGrantGone((connectionId) => this.forget(connectionId));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.settled();
  }

  /** Resolves when everything that is to be kept by now is. */
  settled(): Promise<void> {
    return this.#line.settled();
  }

  /** Has the page kept in the background, if it is worth it. Never fails. */
  keep(loaded: LoadedFrom, page: KeptPage): void {
    if (this.#ttlSeconds === 0) return;
    const place = placeOf(loaded);
    const mark = markOf(place, loaded.from);
    const complete = page.failures.length === 0;
    if (this.#isKept(mark, complete)) return;
    const isTaken = this.#line.add(bytesHeld(page), () => this.#keepQuietly(loaded, place, page));
    if (isTaken) this.#remember(mark, complete);
  }

  /** @returns undefined when the page isn't kept. @throws PatchbayError `storage_unavailable` */
  async find(loaded: LoadedFrom): Promise<KeptPage | undefined> {
    if (this.#ttlSeconds === 0) return undefined;
    const place = placeOf(loaded);
    const { connection, from } = loaded;
    const stored = await this.store.get(recordKey(partitionOf(connection.connectionId), place));
    if (stored === undefined) return undefined;
    try {
      const page = await unpackPage(markOf(place, from), this.cipher.open(stored.value, sealContext(connection)));
      const isFresh = page !== undefined && Date.parse(page.as_of) + this.#ttlSeconds * 1000 > Date.now();
      return isFresh ? page : undefined;
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      const { integration, connectionId: connection_id } = connection;
      this.#log.warn({ msg: 'a kept load can’t be opened', integration, connection_id, key: error.keyId });
      return undefined;
    }
  }

  /** Drops all that is kept of a connection. Never fails: what can't be deleted now is never shown again, and ends in time. */
  async forget(connectionId: string): Promise<void> {
    const partition = partitionOf(connectionId);
    try {
      const index = new KeptIndex(this.store, partition, this.#ttlSeconds);
      const chains = await index.read();
      const places = chains.flatMap(({ query, links }) => links.map((_, page) => ({ query, page })));
      await this.#delete(partition, places);
      if (chains.length > 0) await index.delete();
    } catch (error) {
      this.#log.warn({ msg: 'a kept load could not be deleted', connection_id: connectionId, reason: reasonOf(error) });
    }
  }

  async #keepQuietly(loaded: LoadedFrom, place: KeptPlace, page: KeptPage): Promise<void> {
    try {
      await this.#keep(loaded, place, page);
    } catch (error) {
      this.#lately.delete(idOf(place));
      const { integration, connectionId: connection_id } = loaded.connection;
      this.#log.warn({ msg: 'a load could not be kept', integration, connection_id, reason: reasonOf(error) });
    }
  }

  async #keep({ connection, from }: LoadedFrom, place: KeptPlace, page: KeptPage): Promise<void> {
    const mark = markOf(place, from);
    const packed = await packPage(mark, page);
    const sealed = packed === undefined ? undefined : this.cipher.seal(packed, sealContext(connection));
    if (sealed === undefined || sealed.length > MAX_PAGE_BYTES) return;
    const partition = partitionOf(connection.connectionId);
    const link = {
      start: mark.start,
      next: page.next === undefined ? null : fingerprint(page.next),
      complete: page.failures.length === 0,
      bytes: sealed.length,
      keptAt: Date.parse(page.as_of),
    };
    const added = { ...place, isIncrement: sinceOf(from).some((since) => since !== null), link };
    const index = new KeptIndex(this.store, partition, this.#ttlSeconds);
    const changed = await index.change((chains) => withLink(chains, added, this.#ttlSeconds * 1000));
    if (changed === undefined) return;
    await this.store.put(recordKey(partition, place), sealed, { ttlSeconds: this.#ttlSeconds });
    await this.#delete(partition, changed.dropped);
    // The index names the page by now, so whoever ends the grant from here on deletes it; whoever did before, could not.
    if (!(await this.connections.isStanding(connection))) await this.forget(connection.connectionId);
  }

  async #delete(partition: string, places: readonly KeptPlace[]): Promise<void> {
    for (const place of places) await this.store.delete(recordKey(partition, place));
  }

  #isKept({ id, start }: PageMark, complete: boolean): boolean {
    const known = this.#lately.get(id);
    if (known?.start !== start || Date.now() - known.keptAt >= KEPT_AGAIN_AFTER_MS) return false;
    return known.complete || !complete;
  }

  #remember({ id, start }: PageMark, complete: boolean): void {
    this.#lately.set(id, { start, complete, keptAt: Date.now() });
  }
}

/** A load is another when the query is, and when the grant is: given anew, or to another client, it may see other things. */
function placeOf({ connection, request, from }: LoadedFrom): KeptPlace {
  const { connectionId, clientId, authorizedAt, account } = connection;
  const asked = JSON.stringify([request.itemTypes, sinceOf(from), request.pageSize]);
  return { query: digest('load', connectionId, clientId, String(authorizedAt), account.id, asked), page: from.page };
}

function markOf(place: KeptPlace, from: LoadPosition): PageMark {
  return { id: idOf(place), start: fingerprint(from) };
}

function idOf({ query, page }: KeptPlace): string {
  return `${query}-${page}`;
}

function sinceOf({ types }: LoadPosition): readonly (string | null)[] {
  return types.map(({ since }) => since ?? null);
}

/** The same for a position and for what a cursor makes of it, which is JSON and back; and whenever the load began. */
function fingerprint({ types, failures, page }: LoadPosition): string {
  return digest('position', JSON.stringify([types, failures, page]));
}

function partitionOf(connectionId: string): string {
  return digest('kept-loads', connectionId);
}

function recordKey(partition: string, place: KeptPlace): RecordKey {
  return { collection: 'kept-page', partition, id: idOf(place) };
}

function sealContext({ orgId, userId, integration, connectionId }: Connection): SealContext {
  return { purpose: 'last-load', orgId, userId, integration, connectionId, recordVersion: FORMAT };
}
