import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Connection } from '../connections/connection.ts';
import { CredentialCipher, UnsealError, type SealContext } from '../crypto/credential-cipher.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import { begun, type LoadPosition, type LoadQuery, type NextLoad } from './load-position.ts';

/**
 * `cursor`: the next page of the same query. `checkpoint`: where a stream goes on, or where the load after this one begins;
 * its times are its own, so it belongs to no `modified_since`.
 */
export type CursorKind = 'cursor' | 'checkpoint';

const CURSOR_FORMAT = 2;
/** Of a sealed one, in characters. */
export const MAX_CURSOR_LENGTH = 65_536;
const MAX_POSITION_BYTES = 1024 * 1024;

/** Cursors are sealed: opaque, tamper-proof, and good only for the connection and the query they were made for. */
@Injectable()
export class LoadCursors {
  constructor(@Inject(CredentialCipher) private readonly cipher: CredentialCipher) {}

  /** @throws PatchbayError `provider_protocol_error` when the provider's own positions are too long for one */
  write(connection: Connection, query: LoadQuery, kind: CursorKind, position: NextLoad): string {
    const json = JSON.stringify({ query: fingerprint(query, kind), position });
    if (Buffer.byteLength(json) > MAX_POSITION_BYTES) throw tooLong();
    const text = new Secret(deflateRawSync(json).toString('base64url'));
    const cursor = this.cipher.seal(text, sealContext(connection));
    if (cursor.length <= MAX_CURSOR_LENGTH) return cursor;
    throw tooLong();
  }

  /** @throws PatchbayError `cursor_invalid` */
  read(connection: Connection, query: LoadQuery, kind: CursorKind, cursor: string): LoadPosition {
    if (cursor.length > MAX_CURSOR_LENGTH) throw invalid(kind);
    try {
      const opened = this.cipher.open(cursor, sealContext(connection)).reveal();
      const json = inflateRawSync(Buffer.from(opened, 'base64url'), { maxOutputLength: MAX_POSITION_BYTES });
      const { query: madeFor, position } = JSON.parse(json.toString()) as { query: string; position: NextLoad };
      if (madeFor === fingerprint(query, kind)) return begun(position);
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
    }
    throw invalid(kind);
  }
}

function sealContext(connection: Connection): SealContext {
  const { orgId, userId, integration, connectionId } = connection;
  return { purpose: 'cursor', orgId, userId, integration, connectionId, recordVersion: CURSOR_FORMAT };
}

function fingerprint({ itemTypes, modifiedSince }: LoadQuery, kind: CursorKind): string {
  const since = kind === 'checkpoint' ? null : (modifiedSince?.toISOString() ?? null);
  return createHash('sha256')
    .update(JSON.stringify([kind, itemTypes, since]))
    .digest('base64url');
}

function tooLong(): PatchbayError {
  return new PatchbayError('provider_protocol_error', 'The provider’s page positions are too long to be kept.');
}

function invalid(kind: CursorKind): PatchbayError {
  const message = `This ${kind} is not one of ours, or belongs to another connection or query. Load from the start.`;
  return new PatchbayError('cursor_invalid', message);
}
