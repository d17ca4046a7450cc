import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '../errors/secret.ts';
import { digest } from '../crypto/digest.ts';

const FORM = /^[A-Za-z0-9_-]{43}$/;

/**
 * Ties an authorization to the browser it began in: the browser holds a random value in an HttpOnly cookie, the pending
 * authorization holds its hash. A response that arrives with another browser writes nothing, so nobody can make a
 * victim's browser finish, or a victim finish, what an attacker began.
 */
export class BrowserBinding {
  readonly value: Secret;

  private constructor(value: Secret) {
    this.value = value;
  }

  static create(): BrowserBinding {
    return new BrowserBinding(new Secret(randomBytes(32).toString('base64url')));
  }

  /** @returns undefined for anything that isn't a value of ours */
  static fromCookie(cookie: string | undefined): BrowserBinding | undefined {
    return cookie !== undefined && FORM.test(cookie) ? new BrowserBinding(new Secret(cookie)) : undefined;
  }

  get hash(): string {
    return digest('browser-binding', this.value.reveal());
  }

  matches(hash: string): boolean {
    const mine = Buffer.from(this.hash);
    const theirs = Buffer.from(hash);
    return mine.length === theirs.length && timingSafeEqual(mine, theirs);
  }
}
