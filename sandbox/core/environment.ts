import { isProviderName } from './providers.ts';
import { livesFrom } from './environment-lives.ts';
import { number, onOff, oneOf, text, type Environment } from './environment-values.ts';
import { USER_REFRESHES, type ClientRegistration } from './settings.ts';
import type { SandboxOptions } from '../sandbox.ts';

const AIRTABLE_NUMBERS = {
  conflictWindowSeconds: 'SANDBOX_AIRTABLE_CONFLICT_SECONDS',
  iteratorLifeSeconds: 'SANDBOX_AIRTABLE_ITERATOR_SECONDS',
  bases: 'SANDBOX_AIRTABLE_BASES',
  tablesPerBase: 'SANDBOX_AIRTABLE_TABLES',
  recordsPerTable: 'SANDBOX_AIRTABLE_RECORDS',
} as const;

/** Reads the sandbox's options from environment variables; README.md lists them. Throws on a value that is no use. */
export function optionsFrom(environment: Environment): SandboxOptions {
  const dataFile = text(environment, 'SANDBOX_DATA');
  const publicUrl = text(environment, 'SANDBOX_PUBLIC_URL');
  const seed = text(environment, 'SANDBOX_SEED');
  const items = number(environment, 'SANDBOX_ITEMS');
  const scale = number(environment, 'SANDBOX_RATE_LIMIT_SCALE');
  const clients = text(environment, 'SANDBOX_CLIENTS');
  const openerPolicy = text(environment, 'SANDBOX_COOP');
  return {
    port: number(environment, 'SANDBOX_PORT') ?? 8001,
    host: text(environment, 'SANDBOX_HOST') ?? '127.0.0.1',
    rateLimits: onOff(environment, 'SANDBOX_RATE_LIMITS', true),
    ...tokenOptions(environment),
    ...(dataFile === undefined ? {} : { dataFile }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(seed === undefined ? {} : { seed }),
    ...(items === undefined ? {} : { items }),
    ...(scale === undefined ? {} : { rateLimitScale: scale }),
    ...(clients === undefined ? {} : { clients: readClients(clients) }),
    ...(openerPolicy === undefined ? {} : { crossOriginOpenerPolicy: openerPolicy }),
  };
}

/** What concerns the life of tokens. */
function tokenOptions(environment: Environment): SandboxOptions {
  const grace = number(environment, 'SANDBOX_SLACK_GRACE_SECONDS');
  const marketplace = text(environment, 'SANDBOX_SLACK_MARKETPLACE');
  const userRefresh = oneOf(environment, 'SANDBOX_SLACK_USER_REFRESH', USER_REFRESHES);
  const { all, airtable, notion, hubspot, slack } = livesFrom(environment);
  return {
    reuseRevokesGrant: onOff(environment, 'SANDBOX_REUSE_REVOKES_GRANT', false),
    ...(all === undefined ? {} : { lives: all }),
    airtable: { ...airtable, ...numbersOf(environment, AIRTABLE_NUMBERS) },
    notion: { ...notion },
    hubspot: { ...hubspot, oldTokenErrors: onOff(environment, 'SANDBOX_HUBSPOT_OLD_TOKEN_ERRORS', false) },
    slack: {
      ...slack,
      tokenRotation: onOff(environment, 'SANDBOX_SLACK_ROTATION', true),
      ...(grace === undefined ? {} : { refreshGraceSeconds: grace }),
      ...(userRefresh === undefined ? {} : { userRefresh }),
      ...(marketplace === undefined ? {} : { marketplace: onOff(environment, 'SANDBOX_SLACK_MARKETPLACE', true) }),
    },
  };
}

/** Those of the settings that their variables give a number to. */
function numbersOf<Name extends string>(environment: Environment, variables: Readonly<Record<Name, string>>) {
  const names = Object.keys(variables) as Name[];
  const read = names.map((name) => [name, number(environment, variables[name])] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as Partial<Record<Name, number>>;
}

/** `[{"provider", "client_id", "client_secret": text or null, "redirect_uris"?: [text]}]` */
function readClients(text: string): ClientRegistration[] {
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) throw new Error('SANDBOX_CLIENTS must be a JSON array.');
  return entries.map((entry: Readonly<Record<string, unknown>>) => {
    const { provider, client_id: clientId, client_secret: secret, redirect_uris: uris } = entry;
    const secretFits = secret === null || typeof secret === 'string';
    if (!isProviderName(provider) || typeof clientId !== 'string' || !secretFits) {
      throw new Error('Each of SANDBOX_CLIENTS needs provider, client_id and client_secret (null: public).');
    }
    const client = { provider, clientId, clientSecret: secret };
    return Array.isArray(uris) ? { ...client, redirectUris: uris.map(String) } : client;
  });
}
