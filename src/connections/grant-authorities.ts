import { Injectable } from '@nestjs/common';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import type { Grant } from './connection.ts';

/** Who gave a grant, as work without a request needs it. */
export interface GrantAuthority {
  /** Absent while the integration isn't configured. */
  client(): OAuthClient | undefined;
  /** @returns whether the provider said that it has revoked the grant; false too where it can't */
  revoke(client: OAuthClient, grant: Grant): Promise<boolean>;
}

/** The authorities by integration. Each integration enters its own when the service starts. */
@Injectable()
export class GrantAuthorities {
  readonly #authorities = new Map<string, GrantAuthority>();

  enter(integration: string, authority: GrantAuthority): void {
    this.#authorities.set(integration, authority);
  }

  find(integration: string): GrantAuthority | undefined {
    return this.#authorities.get(integration);
  }

  get integrations(): readonly string[] {
    return [...this.#authorities.keys()];
  }
}
