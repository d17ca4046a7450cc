import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { join, resolve } from 'node:path';
import { Secret } from '../errors/secret.ts';
import { isLoopbackHost } from './formats.ts';
import {
  AppConfig,
  type Deadlines,
  type IntegrationKeys,
  type MetricsConfig,
  type ProviderConfig,
  type Switches,
} from './app-config.ts';
import { asSwitch, ProviderEnvironment, ServerEnvironment } from './environment.ts';
import { storeConfig } from './store-config.ts';

/** The environment as a process has it: every value a string. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Names every key that can't be used. Never says a value: it may be a secret in the wrong place. */
export class ConfigError extends Error {
  readonly keys: readonly string[];
  /** Key and what is expected of it. */
  readonly problems: readonly (readonly [string, string])[];

  constructor(problems: ReadonlyMap<string, string>) {
    const list = [...problems].map(([key, problem]) => `  ${key}: ${problem}`).join('\n');
    super(`The configuration can't be used. Each of these keys needs attention:\n${list}`);
    this.name = 'ConfigError';
    this.keys = [...problems.keys()];
    this.problems = [...problems];
  }
}

/** What the environment says of one integration. */
interface ProviderSettings {
  readonly keys: ProviderEnvironment;
  readonly switches: Switches;
}

/**
 * Reads and validates the whole environment at once.
 * @param integrations whose `<NAME>_…` keys are read
 * @param deadlines other than production's
 * @throws ConfigError naming every bad key
 */
export function loadConfig(
  environment: Environment,
  integrations: readonly IntegrationKeys[],
  deadlines: Deadlines = {},
): AppConfig {
  const problems = new Map<string, string>();
  const server = read(ServerEnvironment, environment, '', problems);
  const providers = new Map(
    integrations.map(({ name, switches = {} }) => {
      const keys = read(ProviderEnvironment, environment, prefixOf(name), problems);
      return [name, { keys, switches: readSwitches(switches, environment, prefixOf(name), problems) }] as const;
    }),
  );
  checkTogether(server, problems);
  if (server.DEMO === true) checkDemo(server, providers, problems);
  for (const [name, { keys }] of providers) checkClient(name, keys, problems);
  if (problems.size > 0) throw new ConfigError(problems);
  return deepFreeze(build(server, providers, deadlines));
}

const prefixOf = (integration: string): string => `${integration.toUpperCase().replaceAll('-', '_')}_`;

function read<T extends object>(
  type: new () => T,
  environment: Environment,
  prefix: string,
  problems: Map<string, string>,
): T {
  const present = Object.entries(environment)
    // An empty value means "not set", as in a .env file whose line was left blank.
    .filter(([key, value]) => key.startsWith(prefix) && value !== undefined && value !== '')
    .map(([key, value]) => [key.slice(prefix.length), value]);
  const instance = plainToInstance(type, Object.fromEntries(present) as object);
  for (const error of validateSync(instance, { forbidUnknownValues: false })) {
    problems.set(prefix + error.property, whatIsExpected(Object.keys(error.constraints ?? {})));
  }
  return instance;
}

function readSwitches(
  declared: Switches,
  environment: Environment,
  prefix: string,
  problems: Map<string, string>,
): Switches {
  const read = Object.entries(declared).map(([key, usually]) => {
    const value = environment[prefix + key] ?? '';
    const said = value === '' ? usually : asSwitch(value);
    if (said === undefined) problems.set(prefix + key, whatIsExpected(['isBoolean']));
    return [key, said ?? usually] as const;
  });
  return Object.fromEntries(read);
}

const EXPECTED: Readonly<Record<string, string>> = {
  isOrigin: 'must be an origin such as https://patchbay.example (no path)',
  isServerUrl: 'must be an https URL (http only on a loopback host)',
  isCidr: 'must be a comma-separated list of addresses or CIDR ranges',
  isRedisUrl: 'must be a redis:// or rediss:// URL',
  isEncryptionKeyList: 'must be kid:base64-32-bytes, several separated by commas',
  isBoolean: 'must be true or false',
  isInt: 'must be a whole number in its range',
  isNumber: 'must be a number such as 0.5 or 3',
  min: 'must be a number in its range',
  max: 'must be a number in its range',
  isIn: 'is not one of the known values',
  matches: 'has a form that is not understood',
  isLength: 'is empty or too long',
  arrayNotEmpty: 'must not be empty',
};

function whatIsExpected(constraints: readonly string[]): string {
  return constraints.map((name) => EXPECTED[name]).find((text) => text !== undefined) ?? 'is not valid';
}

function checkTogether(server: ServerEnvironment, problems: Map<string, string>): void {
  const production = server.NODE_ENV === 'production';
  const redis = storeKeys(server);
  if (redis.length > 1) for (const key of redis) problems.set(key, `only one of ${redis.join(', ')} may be set`);
  if (server.REDIS_SENTINELS !== undefined && server.REDIS_SENTINEL_NAME === undefined) {
    problems.set('REDIS_SENTINEL_NAME', 'is needed with REDIS_SENTINELS');
  }
  const generatedKeyIsEnough = !production && (redis.length === 0 || server.DEMO === true);
  if (server.ENCRYPTION_KEYS === undefined && !generatedKeyIsEnough && !problems.has('ENCRYPTION_KEYS')) {
    problems.set('ENCRYPTION_KEYS', 'is required outside of embedded development');
  }
}

/** The demo lets anybody who reaches it act as any user, so nothing may lead to it from other machines. */
function checkDemo(
  server: ServerEnvironment,
  providers: ReadonlyMap<string, ProviderSettings>,
  problems: Map<string, string>,
): void {
  if (server.NODE_ENV === 'production') problems.set('DEMO', 'must not be true with NODE_ENV=production');
  const isElsewhere = (origin: string): boolean => URL.canParse(origin) && !isLoopbackHost(new URL(origin).hostname);
  const elsewhere = [
    ...(isLoopbackHost(server.HOST ?? '127.0.0.1') ? [] : ['HOST']),
    ...(isElsewhere(server.PUBLIC_URL ?? '') ? ['PUBLIC_URL'] : []),
    ...(server.ALLOWED_ORIGINS?.some(isElsewhere) === true ? ['ALLOWED_ORIGINS'] : []),
  ].filter((key) => !problems.has(key));
  if (elsewhere.length > 0 && !problems.has('DEMO')) {
    problems.set(
      'DEMO',
      `may be true only with ${elsewhere.join(' and ')} on this machine (127.0.0.1, ::1, localhost); ` +
        'set NODE_ENV=production or DEMO=false to serve others',
    );
  }
  if (server.DEMO_REAL_ACCOUNTS === true) return;
  for (const [name, { keys }] of providers) {
    const endpoints = [keys.AUTHORIZATION_URL, keys.TOKEN_URL];
    const isReal = endpoints.some((url) => url === undefined || isElsewhere(url));
    if (keys.CLIENT_ID !== undefined && isReal) {
      problems.set(
        `${prefixOf(name)}CLIENT_ID`,
        'is of a real OAuth app, and the demo lets anybody on this machine use its accounts: set DEMO=false, or ' +
          'DEMO_REAL_ACCOUNTS=true to allow that',
      );
    }
  }
}

function storeKeys(server: ServerEnvironment): string[] {
  return (['REDIS_URL', 'REDIS_HOST', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'] as const).filter(
    (key) => server[key] !== undefined,
  );
}

function checkClient(name: string, keys: ProviderEnvironment, problems: Map<string, string>): void {
  const prefix = prefixOf(name);
  if (keys.CLIENT_ID !== undefined && keys.CLIENT_SECRET === undefined && !problems.has(`${prefix}CLIENT_SECRET`)) {
    problems.set(`${prefix}CLIENT_SECRET`, `is needed with ${prefix}CLIENT_ID`);
  }
  if (keys.CLIENT_SECRET !== undefined && keys.CLIENT_ID === undefined && !problems.has(`${prefix}CLIENT_ID`)) {
    problems.set(`${prefix}CLIENT_ID`, `is needed with ${prefix}CLIENT_SECRET`);
  }
}

function build(
  server: ServerEnvironment,
  providers: ReadonlyMap<string, ProviderSettings>,
  deadlines: Deadlines,
): AppConfig {
  const production = server.NODE_ENV === 'production';
  const port = server.PORT ?? 8000;
  const publicUrl = new URL(server.PUBLIC_URL ?? `http://localhost:${port}`).origin;
  const dataDir = resolve(server.DATA_DIR ?? './data');
  // The page that "npm run dev" serves: on the machine of whoever asks, so it is nobody's where others ask.
  const devPage = production || !isLoopbackHost(new URL(publicUrl).hostname) ? [] : ['http://localhost:3000'];
  const origins = server.ALLOWED_ORIGINS ?? [publicUrl, ...devPage];
  return Object.assign(Object.create(AppConfig.prototype) as AppConfig, {
    production,
    host: server.HOST ?? '127.0.0.1',
    port,
    publicUrl,
    allowedOrigins: origins.map((origin) => new URL(origin).origin),
    trustedProxies: server.TRUSTED_PROXIES ?? [],
    store: storeConfig(server, join(dataDir, 'patchbay.sqlite')),
    dataDir,
    encryptionKeys: secret(server.ENCRYPTION_KEYS),
    demo: server.DEMO ?? false,
    sandboxUrl: (server.SANDBOX_URL ?? `http://localhost:${server.SANDBOX_PORT ?? 8001}`).replace(/\/$/, ''),
    rateLimitPerMinute: server.RATE_LIMIT_PER_MINUTE ?? 100,
    rateLimitPerMinuteUser: server.RATE_LIMIT_PER_MINUTE_USER ?? 100,
    maxRequestsInFlight: server.MAX_REQUESTS_IN_FLIGHT ?? 1000,
    maxLoopDelayMs: server.MAX_LOOP_DELAY_MS ?? 200,
    metrics: metricsConfig(server, publicUrl),
    connectionIdleTtlDays: server.CONNECTION_IDLE_TTL_DAYS ?? 90,
    staleLoadTtlHours: server.STALE_LOAD_TTL_HOURS ?? 24,
    refreshAhead: server.REFRESH_AHEAD ?? true,
    logLevel: server.LOG_LEVEL ?? 'info',
    providers: new Map(
      [...providers].map(([name, said]) => [name, providerConfig(name, said, publicUrl, server.PACE_FACTOR ?? 1)]),
    ),
    deadlines,
  });
}

/** On by itself where nobody else can ask: a proxy on this machine makes even loopback public, and then has its own name. */
function metricsConfig(server: ServerEnvironment, publicUrl: string): MetricsConfig {
  const token = secret(server.METRICS_TOKEN);
  const isOnlyHere = isLoopbackHost(server.HOST ?? '127.0.0.1') && isLoopbackHost(new URL(publicUrl).hostname);
  const enabled = server.METRICS ?? (token !== undefined || isOnlyHere);
  return withoutAbsent({ enabled, token });
}

function providerConfig(
  name: string,
  { keys, switches }: ProviderSettings,
  publicUrl: string,
  paceFactor?: number,
): ProviderConfig {
  return withoutAbsent({
    clientId: keys.CLIENT_ID,
    clientSecret: secret(keys.CLIENT_SECRET),
    redirectUri: keys.REDIRECT_URI ?? `${publicUrl}/integrations/${name}/oauth2callback`,
    authorizationUrl: keys.AUTHORIZATION_URL,
    tokenUrl: keys.TOKEN_URL,
    revocationUrl: keys.REVOCATION_URL,
    introspectionUrl: keys.INTROSPECTION_URL,
    apiUrl: keys.API_URL,
    scopes: keys.SCOPES?.split(/[ ,]+/),
    paceFactor: keys.PACE_FACTOR ?? paceFactor,
    switches,
  });
}

function secret(value: string | undefined): Secret | undefined {
  return value === undefined ? undefined : new Secret(value);
}

type WithoutAbsent<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function withoutAbsent<T extends object>(value: T): WithoutAbsent<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as WithoutAbsent<T>;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Secret || Object.isFrozen(value)) return value;
  for (const member of value instanceof Map ? (value.values() as Iterable<unknown>) : Object.values(value)) {
    deepFreeze(member);
  }
  return Object.freeze(value);
}
