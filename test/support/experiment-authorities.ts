import { join } from 'node:path';
import { startSandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { temporaryFolder } from './built-programs.ts';
import { eventually } from './eventually.ts';
import { startOidcAuthority } from './oidc-authority.ts';
import { SandboxControl } from './sandbox-control.ts';

/** What the token endpoint was asked with refresh tokens, and did. */
export interface Refreshes {
  readonly asked: number;
  readonly granted: number;
  /** Of a refresh token that had been used before. */
  readonly reuses: number;
}

export interface Slowness {
  readonly ms: number;
  /** `before`: it acts when the delay is over, unless its client has gone by then; `after`: at once, and its answer is late. */
  readonly when: 'before' | 'after';
}

/** An authorization server in Airtable's place. The access tokens it gives out at first live for two seconds. */
export interface ExperimentAuthority {
  readonly name: string;
  /** The service's configuration for it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly apiUrl: string;
  /** Says yes in the person's place. @returns where that leads */
  approve(authorizationUrl: string): Promise<URL>;
  /** From here on access tokens live for an hour. */
  lengthenLives(): Promise<void>;
  /** Makes the access tokens given out so far answer as expired. */
  expireAccess(): Promise<void>;
  slowDown(slowness: Slowness): Promise<void>;
  answerAtOnce(): Promise<void>;
  refreshes(): Promise<Refreshes>;
  close(): Promise<void>;
}

const SHORT_SECONDS = 2;
const LONG_SECONDS = 3600;
const CLIENT = { clientId: 'sandbox-airtable', clientSecret: 'sandbox-airtable-secret' } as const;

/** @param graceSeconds how long a used refresh token answers 409; after that it ends the whole grant */
export async function sandboxAuthority(graceSeconds: number): Promise<ExperimentAuthority> {
  const folder = temporaryFolder();
  const options = (accessLifeSeconds: number): SandboxOptions => ({
    dataFile: join(folder.path, 'sandbox.sqlite'),
    items: 12,
    rateLimits: false,
    reuseRevokesGrant: true,
    airtable: { accessLifeSeconds, conflictWindowSeconds: graceSeconds },
  });
  let sandbox = await startSandbox(options(SHORT_SECONDS));
  const control = new SandboxControl(sandbox);
  const at = (path: string) => `${sandbox.url}/airtable${path}`;
  return {
    name: graceSeconds === 0 ? 'sandbox' : `sandbox with ${graceSeconds} s of grace`,
    environment: {
      AIRTABLE_CLIENT_ID: CLIENT.clientId,
      AIRTABLE_CLIENT_SECRET: CLIENT.clientSecret,
      AIRTABLE_AUTHORIZATION_URL: at('/oauth2/v1/authorize'),
      AIRTABLE_TOKEN_URL: at('/oauth2/v1/token'),
      AIRTABLE_API_URL: at('/v0'),
    },
    apiUrl: at('/v0'),
    approve,
    async lengthenLives() {
      const { port } = sandbox;
      await sandbox.close();
      sandbox = await startSandbox({ ...options(LONG_SECONDS), port });
      // Connections to the one before may still be taken for good.
      const answers = () =>
        control.stats('airtable').then(
          () => true,
          () => false,
        );
      await eventually(answers, (is) => is);
    },
    expireAccess: () => control.expire('airtable', 'access'),
    slowDown: ({ ms, when }) =>
      control.fault({
        provider: 'airtable',
        endpoint: 'token',
        grant_type: 'refresh_token',
        mode: 'slow',
        delay_ms: ms,
        when,
      }),
    answerAtOnce: () => control.clearFaults(),
    async refreshes() {
      const { requests, exchanges, refreshes, rotated_token_reuse } = await control.stats('airtable');
      const asked = (requests['POST /oauth2/v1/token'] ?? 0) - exchanges;
      return { asked, granted: refreshes, reuses: rotated_token_reuse };
    },
    async close() {
      await sandbox.close();
      folder.remove();
    },
  };
}

/** Posts the sandbox's consent form. */
async function approve(authorizationUrl: string): Promise<URL> {
  const body = new URLSearchParams({ decision: 'approve' });
  const response = await fetch(authorizationUrl, { method: 'POST', body, redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
  return new URL(location);
}

/** panva's oidc-provider: a used refresh token that comes again ends the whole grant, at once. */
export async function oidcAuthority(): Promise<ExperimentAuthority> {
  const authority = await startOidcAuthority({
    ...CLIENT,
    redirectUris: [],
    accessTokenTtlSeconds: SHORT_SECONDS,
  });
  return {
    name: 'oidc-provider',
    environment: authority.environment,
    apiUrl: authority.apiUrl,
    async approve(authorizationUrl) {
      const redirectUri = new URL(authorizationUrl).searchParams.get('redirect_uri') ?? '';
      await authority.addRedirectUri(redirectUri);
      return authority.approve(authorizationUrl);
    },
    lengthenLives() {
      authority.accessTokenTtlSeconds = LONG_SECONDS;
      authority.resetCounts();
      return Promise.resolve();
    },
    expireAccess() {
      authority.expireAccessTokens();
      return Promise.resolve();
    },
    slowDown(slowness) {
      authority.tokenDelay = slowness;
      return Promise.resolve();
    },
    answerAtOnce() {
      authority.tokenDelay = { ms: 0, when: 'after' };
      return Promise.resolve();
    },
    refreshes() {
      const { tokenRequests, refreshesGranted, reuses } = authority.counts;
      return Promise.resolve({ asked: tokenRequests, granted: refreshesGranted, reuses });
    },
    async close() {
      await authority.close();
      if (authority.failures.length > 0) throw new AggregateError(authority.failures, 'The authority itself failed.');
    },
  };
}
