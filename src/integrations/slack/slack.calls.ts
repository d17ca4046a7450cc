import { PatchbayError } from '../../errors/patchbay-error.ts';
import { PositionExpired } from '../../items/item-source.ts';
import { object, text, webUrl } from '../../items/provider-values.ts';
import type { JsonObject } from '../../oauth/oauth-client.ts';
import { path, type ProviderPath } from '../../outbound/provider-path.ts';
import type { ProviderApi } from '../provider-api.ts';
import { CURSOR_EXPIRED, WITHDRAWN } from './slack.api-problem.ts';

type Cancel = AbortSignal | undefined;

export interface SlackCall {
  readonly method: ProviderPath;
  readonly parameters: Readonly<Record<string, string>>;
  /** As Slack gave it with the page before. */
  readonly cursor?: string | undefined;
  readonly signal?: Cancel;
}

/** Slack's methods, with what their answers say of a listing, for one load. */
export class SlackCalls {
  readonly #api: ProviderApi;
  #workspaceUrl: Promise<string | undefined> | undefined;

  constructor(api: ProviderApi) {
    this.#api = api;
  }

  /**
   * @returns undefined when what was asked about isn't there for us
   * @throws PositionExpired when Slack no longer knows the cursor
   * @throws PatchbayError `provider_*`
   */
  async get({ method, parameters, cursor, signal }: SlackCall): Promise<JsonObject | undefined> {
    const query = new URLSearchParams({ ...parameters, ...(cursor === undefined ? {} : { cursor }) });
    try {
      return await this.#api.get({ path: method, query, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      const reason = error instanceof PatchbayError ? (error.details.provider_reason ?? '') : '';
      if (WITHDRAWN.has(reason)) return undefined;
      if (reason === CURSOR_EXPIRED && cursor !== undefined) throw new PositionExpired(undefined, { cause: error });
      throw error;
    }
  }

  /**
   * Where the workspace's links begin: `https://acme.slack.com`. Messages don't say, so auth.test is asked, once.
   * @returns undefined when Slack won't tell: a link is no reason to fail a load
   */
  workspaceUrl(signal: Cancel): Promise<string | undefined> {
    this.#workspaceUrl ??= this.#askWorkspaceUrl(signal).catch((error: unknown) => {
      this.#workspaceUrl = undefined;
      throw error;
    });
    return this.#workspaceUrl;
  }

  async #askWorkspaceUrl(signal: Cancel): Promise<string | undefined> {
    try {
      const answer = await this.get({ method: path`/auth.test`, parameters: {}, signal });
      const url = webUrl(answer?.['url']);
      return url === null ? undefined : new URL(url).origin;
    } catch (error) {
      if (error instanceof PatchbayError && error.code === 'provider_error') return undefined;
      throw error;
    }
  }
}

/** "Pagination": the cursor alone tells the end, since a page is filtered after it was cut and may hold nothing. */
export function nextCursor(answer: JsonObject | undefined): string | undefined {
  return text(object(answer?.['response_metadata'])['next_cursor']);
}
