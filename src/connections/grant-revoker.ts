import { Inject, Injectable, Logger } from '@nestjs/common';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import type { Grant } from './connection.ts';
import { GrantAuthorities } from './grant-authorities.ts';

/** Asks providers to revoke, as a courtesy: what they say changes nothing of what is done here. */
@Injectable()
export class GrantRevoker {
  readonly #log = new Logger(GrantRevoker.name);

  constructor(@Inject(GrantAuthorities) private readonly authorities: GrantAuthorities) {}

  /** @returns whether the provider said that it has revoked the grant */
  async revoke(client: OAuthClient, grant: Grant): Promise<boolean> {
    try {
      return (await this.authorities.find(client.integration)?.revoke(client, grant)) ?? false;
    } catch (error) {
      const reason = error instanceof PatchbayError ? error.code : 'unexpected';
      const { integration } = client;
      this.#log.warn({ msg: 'revocation failed; the grant is forgotten all the same', integration, reason });
      return false;
    }
  }
}
