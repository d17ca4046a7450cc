import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { BrowserBinding } from '../connections/browser-binding.ts';
import type { UseOptions } from '../connections/access-tokens.ts';
import type { Disconnected } from '../connections/connection-ending.ts';
import type { AuthorizationResult, BegunAuthorization } from '../connections/authorization-flow.ts';
import type { Account, Grant, OpenConnection } from '../connections/connection.ts';
import type { Owner } from '../connections/owner.ts';
import type { AuthorizationOutcome } from '../connections/pending-authorization.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Secret } from '../errors/secret.ts';
import type { Load, LoadAnswer, LoadStart } from '../items/item-loader.ts';
import type { ItemSource } from '../items/item-source.ts';
import type { PageRequest } from '../items/load-page.ts';
import type { LoadQuery } from '../items/load-position.ts';
import type { NdjsonSink } from '../items/ndjson-sink.ts';
import { readAuthorizationResponse } from '../oauth/authorization-response.ts';
import type { OAuthClient, TokenResponse } from '../oauth/oauth-client.ts';
import type { PaceWait } from '../outbound/pacing/waiter.ts';
import { changesOf, type IntegrationDescriptor } from './integration-descriptor.ts';
import { IntegrationKit } from './integration-kit.ts';
import type { ProviderApi, TokenSource } from './provider-api.ts';

export interface AuthorizeOptions {
  readonly owner: Owner;
  /** Absent: the configured scopes. */
  readonly scopes?: readonly string[];
  readonly returnUrl?: string;
  readonly browserBinding?: BrowserBinding;
  /** Who begins it, and alone may ask how it ended. */
  readonly callerId: string;
}

export interface ConnectionQuery {
  readonly owner: Owner;
  readonly connectionId?: string;
}

type WantedItems = Omit<LoadQuery, 'itemTypes'> &
  ConnectionQuery &
  LoadStart & { readonly itemTypes?: readonly string[] };

export type LoadOptions = WantedItems & Omit<PageRequest, keyof LoadQuery>;

export type StreamOptions = WantedItems & { readonly signal?: AbortSignal };

/** What every integration does alike. A vendor's own service says which account a grant is for, and lists. */
@Injectable()
export abstract class IntegrationService implements OnModuleInit {
  abstract readonly descriptor: IntegrationDescriptor;

  constructor(@Inject(IntegrationKit) protected readonly kit: IntegrationKit) {}

  /** The account's id where the token answer names it: then what is asked about it counts for it. */
  protected accountId(_tokens: TokenResponse): string | undefined {
    return undefined;
  }

  /** The account a fresh grant is for. `api` calls the provider with the fresh token. */
  protected abstract identify(tokens: TokenResponse, api: ProviderApi): Promise<Account>;

  protected abstract source(api: ProviderApi): ItemSource;

  /** Asks the provider to revoke (RFC 7009 where it has that). @returns whether it said it did */
  protected revoke(client: OAuthClient, grant: Grant): Promise<boolean> {
    return this.kit.providers.revoke(client, grant.primary);
  }

  /** What keeps grants fresh, and ends them, does so without a request to this service. */
  onModuleInit(): void {
    this.kit.authorities.enter(this.descriptor.name, {
      client: () => this.kit.providers.find(this.descriptor)?.client,
      revoke: (client, grant) => this.revoke(client, grant),
    });
  }

  authorize(options: AuthorizeOptions): Promise<BegunAuthorization> {
    const { client, scopes } = this.kit.providers.get(this.descriptor);
    return this.kit.connections.begin(client, { ...options, scopes: options.scopes ?? scopes });
  }

  completeAuthorization(query: URLSearchParams, browserBinding?: BrowserBinding): Promise<AuthorizationResult> {
    const { client } = this.kit.providers.get(this.descriptor);
    return this.kit.connections.complete(client, readAuthorizationResponse(query), browserBinding, (tokens) =>
      this.identify(tokens, this.#apiOf(tokens, client)),
    );
  }

  /** For a grant that is no connection yet. */
  #apiOf(tokens: TokenResponse, { clientId }: OAuthClient): ProviderApi {
    const id = this.accountId(tokens);
    const connection = { connectionId: randomUUID(), clientId, ...(id === undefined ? {} : { account: { id } }) };
    return this.kit.providers.api(this.descriptor, onlyToken(tokens.accessToken), { connection });
  }

  /** @throws PatchbayError `not_found` for a state that this caller never began here, or that ended long ago */
  async authorizationOutcome(state: string, callerId: string): Promise<AuthorizationOutcome> {
    const outcome = await this.kit.connections.outcome(this.descriptor.name, state, callerId);
    if (outcome !== undefined) return outcome;
    throw new PatchbayError('not_found', 'No authorization with this state was begun here lately.');
  }

  /** The connection, its token refreshed first when it is near its end. */
  async credentials(query: ConnectionQuery, options?: UseOptions): Promise<OpenConnection> {
    return this.kit.connections.use(this.kit.providers.get(this.descriptor).client, query, options);
  }

  disconnect(query: ConnectionQuery): Promise<Disconnected> {
    return this.kit.connections.end(this.descriptor.name, query, this.kit.providers.find(this.descriptor)?.client);
  }

  /** A page, or while the provider can't be reached the same page of an earlier load. */
  async load(options: LoadOptions): Promise<LoadAnswer> {
    const request = { ...options, itemTypes: this.#itemTypes(options.itemTypes) };
    const { client } = this.kit.providers.get(this.descriptor);
    try {
      const open = await this.kit.connections.use(client, options);
      const api = this.kit.providers.api(this.descriptor, this.#tokensOf(open), { connection: open.connection });
      return await this.kit.loader.page(this.source(api), this.#loadOf(open, options), request);
    } catch (error) {
      return this.kit.loader.earlierPage(error, { ...options, integration: this.descriptor.name }, request);
    }
  }

  /**
   * Everything that was asked for, written as lines while it is loaded.
   * @throws PatchbayError as `load`, before the first line; what fails later is told in the last
   */
  async stream(options: StreamOptions, sink: NdjsonSink): Promise<void> {
    const query = { ...options, itemTypes: this.#itemTypes(options.itemTypes) };
    const open = await this.kit.connections.use(this.kit.providers.get(this.descriptor).client, options);
    const tokens = this.#tokensOf(open);
    const sourceOf = (_itemType: string, onWait: (waitMs: number) => void): ItemSource => {
      const use = { connection: open.connection, onWait: ({ waitMs }: PaceWait) => onWait(waitMs) };
      return this.source(this.kit.providers.api(this.descriptor, tokens, use));
    };
    await this.kit.loader.stream(sourceOf, this.#loadOf(open, options), query, sink);
  }

  #loadOf({ connection }: OpenConnection, { cursor, checkpoint }: LoadStart): Load {
    const start = { ...(cursor === undefined ? {} : { cursor }), ...(checkpoint === undefined ? {} : { checkpoint }) };
    return { connection, start, changesOf: (itemType) => changesOf(this.descriptor, itemType) };
  }

  #itemTypes(asked: readonly string[] | undefined): readonly string[] {
    const { itemTypes, defaultItemTypes } = this.descriptor;
    if (asked === undefined) return defaultItemTypes;
    const unknown = asked.find((type) => !itemTypes.includes(type));
    if (unknown === undefined) return [...new Set(asked)];
    const problem = `may hold ${itemTypes.join(', ')}`;
    throw new PatchbayError('invalid_request', 'This integration has no such item type.', {
      fields: [{ field: 'item_types', problem }],
    });
  }

  #tokensOf(open: OpenConnection): TokenSource {
    const { client } = this.kit.providers.get(this.descriptor);
    const tokenIn = (one: OpenConnection): Secret => one.grant.primary.accessToken;
    let latest = open;
    // One replacement for each token: what the first call to be refused ran into, the others would run into as well.
    let replacing: { readonly token: string; readonly by: Promise<OpenConnection>; failedAt?: number } | undefined;
    return {
      current: () => tokenIn(latest),
      replace: async (rejected) => {
        // A call that went out with the token before the latest needs no other than the latest.
        const token = rejected.reveal();
        if (token !== tokenIn(latest).reveal()) return tokenIn(latest);
        if (replacing?.token !== token || performance.now() - (replacing.failedAt ?? Infinity) > REPLACE_AGAIN_MS)
          replacing = { token, by: this.kit.connections.replaceRejected(client, latest) };
        const { by } = replacing;
        try {
          latest = await by;
        } catch (error) {
          if (replacing.by === by) replacing.failedAt ??= performance.now();
          throw error;
        }
        return tokenIn(latest);
      },
      refused: () => this.kit.connections.noteRefusedFresh(latest),
    };
  }
}

/** A load may outlive the outage that kept its token from being replaced. */
const REPLACE_AGAIN_MS = 500;

/** A token that is seconds old and refused isn't worth refreshing: something else is wrong. */
function onlyToken(token: Secret): TokenSource {
  return {
    current: () => token,
    replace: () =>
      Promise.reject(new PatchbayError('provider_error', 'The provider refused a token it has just handed out.')),
  };
}
