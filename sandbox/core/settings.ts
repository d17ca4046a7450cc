import type { ProviderName } from './providers.ts';

/** An OAuth app registered at one of the played providers. */
export interface ClientRegistration {
  readonly provider: ProviderName;
  readonly clientId: string;
  /** `null`: a public client (Airtable only). */
  readonly clientSecret: string | null;
  /** Absent: any https URI, or http on loopback. */
  readonly redirectUris?: readonly string[];
}

/** How long tokens live, in seconds; `null`: until something ends them. */
export interface TokenLives<Access = number> {
  readonly accessLifeSeconds: Access;
  readonly refreshLifeSeconds: number | null;
}

export interface AirtableSettings extends TokenLives {
  /** Bases in one page; the provider's is 1000. */
  readonly basesPageSize: number;
  /** How long a rotated refresh token answers 409 before it answers 400 `invalid_grant`. */
  readonly conflictWindowSeconds: number;
  /** How many bases an account has, and how many tables and records are in each; `null`: by the number of items. */
  readonly bases: number | null;
  readonly tablesPerBase: number | null;
  readonly recordsPerTable: number | null;
  /** Life of a listing's `offset`; 0: for ever. */
  readonly iteratorLifeSeconds: number;
  /** How often each listing's `offset` is answered as expired, however young it is. */
  readonly iteratorExpiries: number;
  /** Calls an account may make before the monthly cap answers; 0: no cap. */
  readonly monthlyCalls: number;
  /** Bases (by position in the listing) that the user has taken out of the grant. */
  readonly removedBases: readonly number[];
}

/** What a connection of Notion's can be registered without; to read content is not among them here. */
export type NotionCapability = 'read_comments' | 'read_users';

/** Notion publishes no life of its tokens, and never tells one in an answer. */
export interface NotionSettings extends TokenLives<number | null> {
  /** How long after an authorization every second search result is still missing from the index. */
  readonly searchLagSeconds: number;
  /** The most rows one query of a data source yields, over all its pages. */
  readonly queryResultLimit: number;
  /** Requests a minute in one workspace, over all its connections. */
  readonly workspacePerMinute: number;
  /** Pages (by their id) that the user has taken out of the connection. */
  readonly unsharedPages: readonly string[];
  /** Data sources (by their number) that the search doesn't know, though they can be read and queried. */
  readonly unlistedSources: readonly number[];
  /** Data sources (by their number) that aren't shared, though rows of theirs are. */
  readonly unsharedSources: readonly number[];
  readonly missingCapabilities: readonly NotionCapability[];
  /** Life of a list's cursor; 0: for ever. */
  readonly cursorLifeSeconds: number;
}

export interface HubspotSettings extends TokenLives {
  /** Whether token errors are of the older shape: `status` and `message` without `error` and `error_description`. */
  readonly oldTokenErrors: boolean;
  /** How many records of each type, from the first on, were last changed by one edit, at the very same time. */
  readonly editedAtOnce: number;
}

export const USER_REFRESHES = ['top_level', 'authed_user'] as const;

export type UserRefresh = (typeof USER_REFRESHES)[number];

export interface SlackSettings extends TokenLives {
  /** Token rotation is an opt-in of the app. */
  readonly tokenRotation: boolean;
  /** How long a used refresh token still answers with a fresh pair. */
  readonly refreshGraceSeconds: number;
  /** Where the answer to the refresh of a user's token has the new pair; the documentation leaves it open. */
  readonly userRefresh: UserRefresh;
  /** Whether some pages are empty with a cursor, as filtering after the cut can make them: of conversations the second. */
  readonly emptyPages: boolean;
  /** Whether the app is of the Marketplace (or internal); other apps get one page of 15 messages a minute. */
  readonly marketplace: boolean;
  /** Life of the cursors of conversations and users; 0: for ever. */
  readonly cursorLifeSeconds: number;
}

export interface SandboxSettings {
  readonly seed: string;
  /** Items in every listing. */
  readonly items: number;
  readonly rateLimits: boolean;
  /** A factor on every limit: 2 lets twice as much through. */
  readonly rateLimitScale: number;
  readonly clients: readonly ClientRegistration[];
  /** Sent on the consent page, e.g. `same-origin`, to see what it does to an opener. */
  readonly crossOriginOpenerPolicy: string | null;
  readonly dripIntervalMs: number;
  /** Whether a used refresh token that comes again after its grace ends the whole grant (RFC 9700 section 4.14.2). */
  readonly reuseRevokesGrant: boolean;
  readonly airtable: AirtableSettings;
  readonly notion: NotionSettings;
  readonly hubspot: HubspotSettings;
  readonly slack: SlackSettings;
}

/** What {@link SandboxSettings} may be given as: everything has a default. */
export type SandboxSettingsInput = Partial<Omit<SandboxSettings, ProviderName>> & {
  /** Lives for every provider that isn't given its own. */
  readonly lives?: Partial<TokenLives>;
  readonly airtable?: Partial<AirtableSettings>;
  readonly notion?: Partial<NotionSettings>;
  readonly hubspot?: Partial<HubspotSettings>;
  readonly slack?: Partial<SlackSettings>;
};

export const DEFAULT_SETTINGS: SandboxSettings = {
  seed: 'patchbay',
  items: 120,
  rateLimits: true,
  rateLimitScale: 1,
  clients: [],
  crossOriginOpenerPolicy: null,
  dripIntervalMs: 1000,
  reuseRevokesGrant: false,
  airtable: {
    accessLifeSeconds: 3600,
    // From the token's own issue.
    refreshLifeSeconds: 60 * 24 * 3600,
    basesPageSize: 1000,
    conflictWindowSeconds: 30,
    bases: null,
    tablesPerBase: null,
    recordsPerTable: null,
    iteratorLifeSeconds: 0,
    iteratorExpiries: 0,
    monthlyCalls: 0,
    removedBases: [],
  },
  notion: {
    searchLagSeconds: 0,
    queryResultLimit: 10_000,
    workspacePerMinute: 600,
    unsharedPages: [],
    unlistedSources: [],
    unsharedSources: [],
    missingCapabilities: [],
    cursorLifeSeconds: 0,
    accessLifeSeconds: null,
    refreshLifeSeconds: null,
  },
  hubspot: { accessLifeSeconds: 1800, refreshLifeSeconds: null, oldTokenErrors: false, editedAtOnce: 0 },
  slack: {
    accessLifeSeconds: 43_200,
    // Thirty days in an app with PKCE, which can't be switched off again; this one has none.
    refreshLifeSeconds: null,
    tokenRotation: true,
    refreshGraceSeconds: 30,
    userRefresh: 'top_level',
    emptyPages: true,
    marketplace: true,
    cursorLifeSeconds: 0,
  },
};

export function resolveSettings(input: SandboxSettingsInput): SandboxSettings {
  const defaults = DEFAULT_SETTINGS;
  const settings: SandboxSettings = {
    seed: input.seed ?? defaults.seed,
    items: input.items ?? defaults.items,
    rateLimits: input.rateLimits ?? defaults.rateLimits,
    rateLimitScale: input.rateLimitScale ?? defaults.rateLimitScale,
    clients: input.clients ?? defaults.clients,
    crossOriginOpenerPolicy: input.crossOriginOpenerPolicy ?? defaults.crossOriginOpenerPolicy,
    dripIntervalMs: input.dripIntervalMs ?? defaults.dripIntervalMs,
    reuseRevokesGrant: input.reuseRevokesGrant ?? defaults.reuseRevokesGrant,
    airtable: { ...defaults.airtable, ...input.lives, ...input.airtable },
    notion: { ...defaults.notion, ...input.lives, ...input.notion },
    hubspot: { ...defaults.hubspot, ...input.lives, ...input.hubspot },
    slack: { ...defaults.slack, ...input.lives, ...input.slack },
  };
  if (!Number.isSafeInteger(settings.items) || settings.items < 0 || settings.items > 10_000_000) {
    throw new RangeError('items must be a whole number from 0 to 10,000,000.');
  }
  return settings;
}
