import { createHash, randomBytes } from 'node:crypto';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import type { ProviderName } from '../../sandbox/core/providers.ts';
import type { Stats } from '../../sandbox/core/stats.ts';

export const REDIRECT_URI = 'http://localhost:8000/callback';
export const STATE = 'state-of-at-least-16-characters';

/** What each provider is asked for in these tests: everything they read. */
const AUTHORIZE: Readonly<Record<ProviderName, { path: string; params: Readonly<Record<string, string>> }>> = {
  airtable: {
    path: '/airtable/oauth2/v1/authorize',
    params: { scope: 'data.records:read schema.bases:read user.email:read', code_challenge_method: 'S256' },
  },
  notion: { path: '/notion/v1/oauth/authorize', params: { owner: 'user' } },
  hubspot: {
    path: '/hubspot/oauth/authorize',
    params: {
      scope:
        'oauth crm.objects.contacts.read crm.objects.companies.read crm.objects.deals.read tickets crm.objects.owners.read',
    },
  },
  slack: {
    path: '/slack/oauth/v2/authorize',
    params: {
      scope:
        'channels:read,groups:read,im:read,mpim:read,channels:history,groups:history,im:history,mpim:history,users:read,users:read.email,team:read',
      user_scope: 'channels:read,groups:read',
    },
  },
};

export const VERIFIER = randomBytes(32).toString('base64url');
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly [member: string]: unknown;
}

const sandboxes: Sandbox[] = [];

/** A sandbox without rate limits (unless asked for) that {@link closeSandboxes} closes. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ rateLimits: false, ...options });
  sandboxes.push(sandbox);
  return sandbox;
}

export async function closeSandboxes(): Promise<void> {
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
}

/** A clock that stands still until it is moved. */
export function fakeClock(): { now: () => number; advance: (seconds: number) => void } {
  let ms = Date.UTC(2026, 10, 20);
  return { now: () => ms, advance: (seconds) => void (ms += seconds * 1000) };
}

export function authorizeUrl(sandbox: Sandbox, provider: ProviderName, changes: Record<string, string | null> = {}) {
  const { path, params } = AUTHORIZE[provider];
  const url = new URL(sandbox.url + path);
  const all: Record<string, string | null> = {
    client_id: `sandbox-${provider}`,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    state: STATE,
    ...(provider === 'airtable' ? { code_challenge: CHALLENGE } : {}),
    ...params,
    ...changes,
  };
  for (const [name, value] of Object.entries(all)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
}

/** Submits the consent form as a browser would, and tells where it leads. */
export async function decide(url: string, form: string | URLSearchParams = 'decision=approve'): Promise<URL> {
  const body = new URLSearchParams(form);
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`No redirect but ${response.status}: ${await response.text()}`);
  return new URL(location);
}

export async function newCode(sandbox: Sandbox, provider: ProviderName, form = 'decision=approve'): Promise<string> {
  const location = await decide(authorizeUrl(sandbox, provider), form);
  return location.searchParams.get('code') ?? '';
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface PostRequest {
  readonly url: string;
  readonly init: { readonly method: 'POST'; readonly headers: Record<string, string>; readonly body: string };
}

/** A token request with each provider's own client authentication and body format, not yet sent. */
function buildTokenRequest(
  sandbox: Sandbox,
  provider: ProviderName,
  members: Readonly<Record<string, string>>,
): PostRequest {
  const id = `sandbox-${provider}`;
  const authorization = `Basic ${Buffer.from(`${id}:${id}-secret`).toString('base64')}`;
  const to = (path: string, headers: Record<string, string>, body: string): PostRequest => ({
    url: `${sandbox.url}/${provider}${path}`,
    init: { method: 'POST', headers, body },
  });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const withSecret = new URLSearchParams({ ...members, client_id: id, client_secret: `${id}-secret` }).toString();
  switch (provider) {
    case 'airtable':
      return to('/oauth2/v1/token', { ...form, authorization }, new URLSearchParams(members).toString());
    case 'notion':
      return to('/v1/oauth/token', { 'content-type': 'application/json', authorization }, JSON.stringify(members));
    case 'hubspot':
      return to('/oauth/2026-03/token', form, withSecret);
    case 'slack':
      return to('/api/oauth.v2.access', form, withSecret);
  }
}

export async function tokenRequest(
  sandbox: Sandbox,
  provider: ProviderName,
  members: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { url, init } = buildTokenRequest(sandbox, provider, members);
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

export async function post(
  url: string,
  body: string | URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const type = typeof body === 'string' ? { 'content-type': 'application/json' } : undefined;
  const response = await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

export function exchangeCode(sandbox: Sandbox, provider: ProviderName, code: string): Promise<Answer> {
  return tokenRequest(sandbox, provider, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    ...(provider === 'airtable' ? { code_verifier: VERIFIER } : {}),
  });
}

export function refreshWith(sandbox: Sandbox, provider: ProviderName, token: string): Promise<Answer> {
  return tokenRequest(sandbox, provider, refreshMembers(token));
}

/** The same, for who wants to send it himself. */
export function refreshRequest(sandbox: Sandbox, provider: ProviderName, token: string): PostRequest {
  return buildTokenRequest(sandbox, provider, refreshMembers(token));
}

function refreshMembers(token: string) {
  return { grant_type: 'refresh_token', refresh_token: token };
}

/** The whole journey: consent, code, tokens. */
export async function connect(sandbox: Sandbox, provider: ProviderName, account = 0): Promise<Tokens> {
  const code = await newCode(sandbox, provider, `decision=approve&account=${account}`);
  const { status, body } = await exchangeCode(sandbox, provider, code);
  if (status !== 200) throw new Error(`Exchange failed: ${JSON.stringify(body)}`);
  return body as Tokens;
}

export async function get(url: string, token: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers } });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

export async function control(sandbox: Sandbox, path: string, body: unknown): Promise<Answer> {
  return post(`${sandbox.url}/_control/${path}`, JSON.stringify(body));
}

export async function readStats(sandbox: Sandbox): Promise<Stats> {
  return (await (await fetch(`${sandbox.url}/_control/stats`)).json()) as Stats;
}
