import { createHash, randomBytes } from 'node:crypto';

const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Where codes and tokens get their randomness: the system's, or a seeded stream for tests that compare bytes. */
export class Mint {
  private readonly seed: string | null;
  private drawn = 0;

  constructor(seed: string | null) {
    this.seed = seed;
  }

  base62(length: number): string {
    let text = '';
    for (const byte of this.bytes(length)) text += BASE62[byte % BASE62.length] ?? '';
    return text;
  }

  hex(length: number): string {
    return this.bytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length);
  }

  digits(length: number): string {
    return Array.from(this.bytes(length), (byte) => byte % 10).join('');
  }

  uuid(): string {
    const hex = this.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  private bytes(count: number): Buffer {
    if (this.seed === null) return randomBytes(count);
    const blocks: Buffer[] = [];
    for (let size = 0; size < count; size += 32) {
      blocks.push(createHash('sha256').update(`${this.seed}/${this.drawn++}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, count);
  }
}
