import { timingSafeEqual } from 'node:crypto';
import { PROVIDER_NAMES, type ProviderName } from './providers.ts';
import type { ClientRegistration } from './settings.ts';

/** The app every provider knows from the start: id `sandbox-<provider>`, secret `sandbox-<provider>-secret`. */
function defaultClient(provider: ProviderName): ClientRegistration {
  return { provider, clientId: `sandbox-${provider}`, clientSecret: `sandbox-${provider}-secret` };
}

export class ClientRegistry {
  private readonly clients: readonly ClientRegistration[];

  constructor(extra: readonly ClientRegistration[]) {
    this.clients = [...extra, ...PROVIDER_NAMES.map(defaultClient)];
  }

  find(provider: ProviderName, clientId: string | null): ClientRegistration | null {
    return this.clients.find((client) => client.provider === provider && client.clientId === clientId) ?? null;
  }
}

export function secretMatches(client: ClientRegistration, secret: string): boolean {
  const expected = Buffer.from(client.clientSecret ?? '');
  const given = Buffer.from(secret);
  return client.clientSecret !== null && expected.length === given.length && timingSafeEqual(expected, given);
}

/** Whether `uri` is one of the client's: by exact string, or for Slack also below one of them. */
export function redirectUriAllowed(client: ClientRegistration, uri: string): boolean {
  if (!isAcceptableRedirectUri(uri)) return false;
  const registered = client.redirectUris;
  if (registered === undefined) return true;
  return registered.some(
    (known) => known === uri || (client.provider === 'slack' && uri.startsWith(known.replace(/\/?$/, '/'))),
  );
}

/** https, or http on loopback; no userinfo, fragment, dot segment, wildcard, control character or foreign raw IP. */
function isAcceptableRedirectUri(uri: string): boolean {
  if (/[\u0000-\u0020\u007f*#\\]/.test(uri) || /\/\.\.?(\/|$|\?)/.test(uri) || !URL.canParse(uri)) return false;
  const url = new URL(uri);
  if (url.username !== '' || url.password !== '') return false;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (loopback) return url.protocol === 'http:' || url.protocol === 'https:';
  return url.protocol === 'https:' && !/^(\d+\.){3}\d+$|^\[/.test(url.hostname);
}
