import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Every item type of a load may keep one in the same cursor, whose 64 Ki characters must hold the listings as well. */
const BYTES = 8 * 1024;
const BITS = BYTES * 8;
/** As many as a digest has room for. */
const PROBES = 8;
const MOST_MISTAKES = 1 / 10_000;
/** The share of bits, raised to the probes, is how often an id is found that wasn't added. */
const MOST_BITS = Math.floor(BITS * MOST_MISTAKES ** (1 / PROBES));

/**
 * Ids that were met, in bounded space: a Bloom filter. One that wasn't added is found by mistake once in 10,000 times at
 * most. So that it stays like that, it takes no more ids when it is full, which is after about 3,100.
 */
export class KnownIds {
  readonly #bits: Uint8Array;
  #bitsSet: number;

  /** @param text as `toString` wrote it. @throws TypeError for anything else */
  constructor(text = '') {
    this.#bits = text === '' ? new Uint8Array(BYTES) : unpacked(text);
    this.#bitsSet = this.#bits.reduce((sum, byte) => sum + bitsIn(byte), 0);
  }

  /** Whether ids may have been left out: one that isn't found may have been met all the same. */
  get isFull(): boolean {
    return this.#bitsSet > MOST_BITS - PROBES;
  }

  has(id: string): boolean {
    return places(id).every((place) => this.#isSet(place));
  }

  /** Without effect when it is full. */
  add(id: string): void {
    if (this.isFull) return;
    for (const place of places(id)) {
      if (this.#isSet(place)) continue;
      this.#bits[place >> 3] = (this.#bits[place >> 3] ?? 0) | (1 << (place & 7));
      this.#bitsSet += 1;
    }
  }

  /** Short as long as there are few. */
  toString(): string {
    return this.#bitsSet === 0 ? '' : deflateRawSync(this.#bits).toString('base64url');
  }

  #isSet(place: number): boolean {
    return ((this.#bits[place >> 3] ?? 0) & (1 << (place & 7))) !== 0;
  }
}

function places(id: string): number[] {
  const digest = createHash('sha256').update(id.replaceAll('-', '').toLowerCase()).digest();
  return Array.from({ length: PROBES }, (_none, probe) => digest.readUInt32BE(probe * 4) % BITS);
}

function bitsIn(byte: number): number {
  let bits = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}

function unpacked(text: string): Uint8Array {
  try {
    const bits = inflateRawSync(Buffer.from(text, 'base64url'), { maxOutputLength: BYTES });
    if (bits.length === BYTES) return new Uint8Array(bits);
  } catch {
    // Falls through: not what we packed.
  }
  throw new TypeError('Not a set of ids.');
}
