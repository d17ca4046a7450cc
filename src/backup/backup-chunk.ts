import { IV_BYTES, TAG_BYTES } from '../crypto/aes-256-gcm.ts';
import type { SealContext } from '../crypto/credential-cipher.ts';
import { digest } from '../crypto/digest.ts';
import { writeEnvelope } from '../crypto/envelope.ts';

/**
 * A backup's records are one text, one JSON object a line, cut into chunks of this many characters wherever that falls; the
 * last is filled up with line ends. So all chunks look alike, whatever is in them, and the file tells its size alone.
 */
export const CHUNK_CHARACTERS = 65_536;

/** Where a chunk belongs. */
export interface ChunkPlace {
  /** The backup's first line, as it stands in the file. */
  readonly headerLine: string;
  /** From 0. */
  readonly number: number;
  readonly isLast: boolean;
}

/**
 * What a chunk is sealed to: its backup (which has a random id), its number, and whether another follows. A chunk that is
 * cut out, moved, repeated or taken from another backup doesn't open where it stands, and a backup that lacks its end has
 * a last chunk that was sealed as one in the middle (as in STREAM, Hoang et al., CRYPTO 2015).
 */
export function chunkContext({ headerLine, number, isLast }: ChunkPlace): SealContext {
  return {
    purpose: 'backup',
    orgId: '',
    userId: '',
    integration: isLast ? 'last' : 'more',
    connectionId: digest('backup', headerLine),
    recordVersion: number,
  };
}

/** A sealed chunk's line, with its end: of one length for all that are sealed with one key. */
export function chunkLineBytes(keyId: string): number {
  const ciphertext = Buffer.alloc(CHUNK_CHARACTERS);
  return writeEnvelope({ keyId, iv: Buffer.alloc(IV_BYTES), ciphertext, tag: Buffer.alloc(TAG_BYTES) }).length + 1;
}
