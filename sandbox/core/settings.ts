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

export interface AirtableSettings {
  /** Bases in one page; the provider's is 1000. */
  readonly basesPageSize: number;
  /** How long a rotated refresh token answers 409 before it answers 400 `invalid_grant`. */
  readonly conflictWindowSeconds: number;
  /** Life of a listing's `offset`; 0: for ever. */
  readonly iteratorLifeSeconds: number;
  /** Calls an account may make before the monthly cap answers; 0: no cap. */
  readonly monthlyCalls: number;
  /** Bases (by position in the listing) that the user has taken out of the grant. */
  readonly removedBases: readonly number[];
}

export interface NotionSettings {
  /** How long after an authorization every second search result is still missing from the index. */
  readonly searchLagSeconds: number;
  /** The most rows one query of a data source yields, over all its pages. */
  readonly queryResultLimit: number;
  /** Requests a minute in one workspace, over all its connections. */
  readonly workspacePerMinute: number;
  /** Pages (by their id) that the user has taken out of the connection. */
  readonly unsharedPages: readonly string[];
  /** Access-token life in seconds; Notion publishes none, so by default only `_control/expire` ends one. */
  readonly accessLifeSeconds: number | null;
}

export interface SlackSettings {
  /** Token rotation is an opt-in of the app. */
  readonly tokenRotation: boolean;
  /** How long a used refresh token still answers with a fresh pair. */
  readonly refreshGraceSeconds: number;
  /** Whether the second page of `conversations.list` is empty with a cursor, as filtering after the cut can make it. */
  readonly emptyPages: boolean;
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
  readonly airtable: AirtableSettings;
  readonly notion: NotionSettings;
  readonly slack: SlackSettings;
}

/** What {@link SandboxSettings} may be given as: everything has a default. */
export type SandboxSettingsInput = Partial<Omit<SandboxSettings, 'airtable' | 'notion' | 'slack'>> & {
  readonly airtable?: Partial<AirtableSettings>;
  readonly notion?: Partial<NotionSettings>;
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
  airtable: {
    basesPageSize: 1000,
    conflictWindowSeconds: 30,
    iteratorLifeSeconds: 0,
    monthlyCalls: 0,
    removedBases: [],
  },
  notion: {
    searchLagSeconds: 0,
    queryResultLimit: 10_000,
    workspacePerMinute: 600,
    unsharedPages: [],
    accessLifeSeconds: null,
  },
  slack: { tokenRotation: true, refreshGraceSeconds: 30, emptyPages: true },
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
    airtable: { ...defaults.airtable, ...input.airtable },
    notion: { ...defaults.notion, ...input.notion },
    slack: { ...defaults.slack, ...input.slack },
  };
  if (!Number.isSafeInteger(settings.items) || settings.items < 0 || settings.items > 10_000_000) {
    throw new RangeError('items must be a whole number from 0 to 10,000,000.');
  }
  return settings;
}
