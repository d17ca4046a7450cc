import { isProviderName } from './providers.ts';
import type { ClientRegistration } from './settings.ts';
import type { SandboxOptions } from '../sandbox.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the sandbox's options from environment variables; README.md lists them. Throws on a value that is no use. */
export function optionsFrom(environment: Environment): SandboxOptions {
  const text = (name: string): string | undefined => environment[name] || undefined;
  const dataFile = text('SANDBOX_DATA');
  const publicUrl = text('SANDBOX_PUBLIC_URL');
  const seed = text('SANDBOX_SEED');
  const items = number(environment, 'SANDBOX_ITEMS');
  const scale = number(environment, 'SANDBOX_RATE_LIMIT_SCALE');
  const clients = text('SANDBOX_CLIENTS');
  const openerPolicy = text('SANDBOX_COOP');
  return {
    port: number(environment, 'SANDBOX_PORT') ?? 8001,
    host: text('SANDBOX_HOST') ?? '127.0.0.1',
    rateLimits: onOff(environment, 'SANDBOX_RATE_LIMITS'),
    slack: { tokenRotation: onOff(environment, 'SANDBOX_SLACK_ROTATION') },
    ...(dataFile === undefined ? {} : { dataFile }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(seed === undefined ? {} : { seed }),
    ...(items === undefined ? {} : { items }),
    ...(scale === undefined ? {} : { rateLimitScale: scale }),
    ...(clients === undefined ? {} : { clients: readClients(clients) }),
    ...(openerPolicy === undefined ? {} : { crossOriginOpenerPolicy: openerPolicy }),
  };
}

function number(environment: Environment, name: string): number | undefined {
  const text = environment[name];
  if (!text) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} must be a number.`);
  return value;
}

function onOff(environment: Environment, name: string): boolean {
  const text = environment[name] || 'on';
  if (text !== 'on' && text !== 'off') throw new Error(`${name} must be on or off.`);
  return text === 'on';
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
