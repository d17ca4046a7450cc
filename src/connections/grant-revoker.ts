import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { reasonOf } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import type { Grant } from './connection.ts';
import { GrantAuthorities } from './grant-authorities.ts';

/** A provider that takes longer may still do it: nobody waits for that. */
export const REVOKE_WITHIN_MS = 8_000;

/** Asks providers to revoke, as a courtesy: what they say changes nothing of what is done here. */
@Injectable()
export class GrantRevoker {
  readonly #log = new Logger(GrantRevoker.name);

  protected readonly patienceMs: number = REVOKE_WITHIN_MS;

  constructor(@Inject(GrantAuthorities) private readonly authorities: GrantAuthorities) {}

  /** @returns whether the provider said in time that it has revoked the grant */
  async revoke(client: OAuthClient, grant: Grant): Promise<boolean> {
    const answered = new AbortController();
    const late = wait(this.patienceMs, false, { signal: answered.signal }).catch(() => false);
    try {
      return await Promise.race([this.#ask(client, grant), late]);
    } finally {
      answered.abort();
    }
  }

  async #ask(client: OAuthClient, grant: Grant): Promise<boolean> {
    try {
      return (await this.authorities.find(client.integration)?.revoke(client, grant)) ?? false;
    } catch (error) {
      const reason = reasonOf(error);
      const { integration } = client;
      this.#log.warn({ msg: 'revocation failed; the grant is forgotten all the same', integration, reason });
      return false;
    }
  }
}
