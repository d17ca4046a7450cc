import type { Switches } from '../config/app-config.ts';
import type { ItemChanges } from '../items/item-source.ts';
import type { JsonObject, OAuthDialect } from '../oauth/oauth-client.ts';
import type { Pace } from '../outbound/pacing/pace.ts';

/** What an answer of a provider's API means when it isn't a success. */
export type ApiProblem =
  /** The access token was refused: refreshing it may help. */
  | { readonly kind: 'unauthorized' }
  | {
      readonly kind: 'rate-limited';
      readonly retryAfterSeconds?: number;
      /** What the call counts against rests by itself, and not all that it is within. */
      readonly alone?: true;
    }
  /** The provider says it is not well; the same call may work later. */
  | { readonly kind: 'unavailable' }
  /** `reason`: the provider's own code for it, such as `missing_scope`; never its free text. */
  | { readonly kind: 'refused'; readonly reason?: string };

export interface ApiAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** A call as far as a provider's limits ask about it. */
export interface PacedCall {
  /** Below the base of the API, as it is sent. */
  readonly path: string;
  /** The OAuth app's. */
  readonly clientId: string;
  /** The id of the connection's account; empty while nobody knows whose the token is. */
  readonly account: string;
  /** What the account belongs to, where that is known. */
  readonly within?: string;
  /** The integration's own, as the operator set them. Absent: as they usually are. */
  readonly switches?: Switches;
}

/** Everything about a vendor that is data. Code is only needed for listing and mapping. */
export interface IntegrationDescriptor {
  /** Lower case; names the folder, the routes and the `<NAME>_…` settings. */
  readonly name: string;
  readonly displayName: string;
  readonly itemTypes: readonly string[];
  /** What a load without `item_types` lists: sensible and cheap. */
  readonly defaultItemTypes: readonly string[];
  /**
   * Settings of its own, `<NAME>_<KEY>=true|false`, with what they are when nobody says so: facts of the operator's app that
   * the provider doesn't tell. They come back with each call that is
   * paced, and from `kit.providers.switches`.
   */
  readonly switches?: Switches;
  /** For each item type. */
  readonly changes: Readonly<Record<string, ItemChanges>>;
  readonly defaultScopes: readonly string[];
  /** The provider's own addresses. In the sandbox the same paths stand below `/<name>`. */
  readonly endpoints: {
    readonly authorization: string;
    readonly token: string;
    /** RFC 7009. */
    readonly revocation?: string;
    /** Base of the API: every path of it is below. */
    readonly api: string;
  };
  readonly oauth: OAuthDialect;
  readonly api: {
    readonly headers?: Readonly<Record<string, string>>;
    /** How long to stay away after a 429 that doesn't say. */
    readonly throttledWaitSeconds: number;
    /** The documented limit that a call counts against: so many are sent, and no more. */
    readonly pace: (call: PacedCall) => Pace;
    /** Reads vendor ways of saying no; undefined means success. Absent: by status alone. */
    readonly problemOf?: (answer: ApiAnswer) => ApiProblem | undefined;
  };
}

/** What a status alone tells (RFC 9110 §15.5, §15.6). */
export function problemByStatus(answer: ApiAnswer): ApiProblem | undefined {
  if (answer.status < 300) return undefined;
  if (answer.status === 401) return { kind: 'unauthorized' };
  if (answer.status === 429) return { kind: 'rate-limited' };
  if (answer.status >= 500) return { kind: 'unavailable' };
  return { kind: 'refused' };
}

/** @throws TypeError for an item type that the descriptor says nothing of: a defect of its own */
export function changesOf({ name, changes }: IntegrationDescriptor, itemType: string): ItemChanges {
  const found = changes[itemType];
  if (found === undefined) throw new TypeError(`${name} doesn't say how changes of ${itemType} are found.`);
  return found;
}
