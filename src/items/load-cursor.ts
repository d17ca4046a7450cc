import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { Connection } from '../connections/connection.ts';
import { CredentialCipher, UnsealError, type SealContext } from '../crypto/credential-cipher.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';

/** One item type that could not be loaded, and why. */
export interface LoadFailure {
  readonly item_type: string;
  readonly error: string;
  readonly message: string;
}

/** Where a load stands between two pages. */
export interface LoadPosition {
  /** Index into the query's item types. */
  readonly typeIndex: number;
  /** The provider's own position, as its source gave it. */
  readonly at?: string;
  /** Items of the provider's page at that position that were delivered already. */
  readonly skip: number;
  /** What failed on the way here. */
  readonly failures: readonly LoadFailure[];
  /** Which page of the load begins here, from 0. Absent in cursors that were given out before pages were counted. */
  readonly page?: number;
}

/** The part of a query that a cursor is bound to. */
export interface LoadQuery {
  readonly itemTypes: readonly string[];
  readonly modifiedSince?: Date;
}

const CURSOR_FORMAT = 1;
const MAX_CURSOR_LENGTH = 16_384;

/** Cursors are sealed: opaque, tamper-proof, and good only for the connection and the query they were made for. */
@Injectable()
export class LoadCursors {
  constructor(@Inject(CredentialCipher) private readonly cipher: CredentialCipher) {}

  write(connection: Connection, query: LoadQuery, position: LoadPosition): string {
    const text = new Secret(JSON.stringify({ query: fingerprint(query), position }));
    return this.cipher.seal(text, sealContext(connection));
  }

  /** @throws PatchbayError `cursor_invalid` */
  read(connection: Connection, query: LoadQuery, cursor: string): LoadPosition {
    if (cursor.length > MAX_CURSOR_LENGTH) throw invalid();
    try {
      const opened = this.cipher.open(cursor, sealContext(connection)).reveal();
      const { query: madeFor, position } = JSON.parse(opened) as { query: string; position: LoadPosition };
      if (madeFor === fingerprint(query)) return position;
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
    }
    throw invalid();
  }
}

function sealContext(connection: Connection): SealContext {
  const { orgId, userId, integration, connectionId } = connection;
  return { purpose: 'cursor', orgId, userId, integration, connectionId, recordVersion: CURSOR_FORMAT };
}

function fingerprint(query: LoadQuery): string {
  const canonical = JSON.stringify([query.itemTypes, query.modifiedSince?.toISOString() ?? null]);
  return createHash('sha256').update(canonical).digest('base64url');
}

function invalid(): PatchbayError {
  const message = 'This cursor is not one of ours, or belongs to another connection or query. Load from the start.';
  return new PatchbayError('cursor_invalid', message);
}
