import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { ConfigError, loadConfig, type Environment } from './load-config.ts';

const KEY = `k1:${Buffer.from('a key of thirty-two bytes, so it').toString('base64')}`;

function refusal(environment: Environment): ConfigError {
  try {
    loadConfig(environment, [{ name: 'airtable' }, { name: 'notion' }]);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

const REAL_APP = { NOTION_CLIENT_ID: 'id', NOTION_CLIENT_SECRET: 'secret' };

describe('The configuration', () => {
  it('has every default the contract names', () => {
    const config = loadConfig({}, [{ name: 'airtable' }]);
    expect(config).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 8000,
      publicUrl: 'http://localhost:8000',
      allowedOrigins: ['http://localhost:8000', 'http://localhost:3000'],
      trustedProxies: [],
      demo: false,
      sandboxUrl: 'http://localhost:8001',
      rateLimitPerMinute: 100,
      rateLimitPerMinuteUser: 100,
      connectionIdleTtlDays: 90,
      staleLoadTtlHours: 24,
      logLevel: 'info',
    });
    expect(config.store.kind).toBe('sqlite');
    expect(config.providers.get('airtable')?.redirectUri).toBe(
      'http://localhost:8000/integrations/airtable/oauth2callback',
    );
  });

  it('derives the public address and the callback addresses from the port', () => {
    const config = loadConfig({ PORT: '9123' }, [{ name: 'notion' }]);
    expect(config.publicUrl).toBe('http://localhost:9123');
    expect(config.providers.get('notion')?.redirectUri).toBe(
      'http://localhost:9123/integrations/notion/oauth2callback',
    );
  });

  it('takes an empty value for one that is not set', () => {
    expect(loadConfig({ PORT: '', PUBLIC_URL: '', REDIS_URL: '', DEMO: '' }, []).port).toBe(8000);
  });

  it('is frozen all the way down', () => {
    const config = loadConfig({}, [{ name: 'airtable' }]);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.allowedOrigins)).toBe(true);
    expect(Object.isFrozen(config.store)).toBe(true);
    expect(Object.isFrozen(config.providers.get('airtable'))).toBe(true);
  });

  it('names every bad key at once and never a value', () => {
    const error = refusal({
      PORT: 'seventy-thousand',
      PUBLIC_URL: 'ftp://leak.example/secret-path',
      TRUSTED_PROXIES: '10.0.0.0/99',
      LOG_LEVEL: 'loud',
      DEMO: 'perhaps',
      ENCRYPTION_KEYS: 'hunter2-hunter2',
      AIRTABLE_TOKEN_URL: 'http://leak.example/token',
      NOTION_CLIENT_ID: 'only-half',
    });
    expect([...error.keys].sort()).toEqual([
      'AIRTABLE_TOKEN_URL',
      'DEMO',
      'ENCRYPTION_KEYS',
      'LOG_LEVEL',
      'NOTION_CLIENT_SECRET',
      'PORT',
      'PUBLIC_URL',
      'TRUSTED_PROXIES',
    ]);
    for (const value of ['seventy', 'leak', '10.0.0.0', 'loud', 'perhaps', 'hunter2', 'only-half']) {
      expect(error.message).not.toContain(value);
    }
  });

  it.each<[string, Environment, string]>([
    ['an encryption key in production', { NODE_ENV: 'production' }, 'ENCRYPTION_KEYS'],
    ['an encryption key with a shared store', { REDIS_URL: 'redis://localhost' }, 'ENCRYPTION_KEYS'],
    ['no demo at a public address', { DEMO: 'true', PUBLIC_URL: 'https://patchbay.example' }, 'DEMO'],
    ['no demo on a network', { DEMO: 'true', HOST: '0.0.0.0' }, 'DEMO'],
    ['no demo for foreign pages', { DEMO: 'true', ALLOWED_ORIGINS: 'https://app.example' }, 'DEMO'],
    ['no demo with a real OAuth app', { ...REAL_APP, DEMO: 'true' }, 'NOTION_CLIENT_ID'],
    ['no demo in production', { NODE_ENV: 'production', DEMO: 'true', ENCRYPTION_KEYS: KEY }, 'DEMO'],
    ['one way to Redis', { REDIS_URL: 'redis://a', REDIS_HOST: 'b', ENCRYPTION_KEYS: KEY }, 'REDIS_HOST'],
    ['a name with sentinels', { REDIS_SENTINELS: 'a:26379', ENCRYPTION_KEYS: KEY }, 'REDIS_SENTINEL_NAME'],
    ['an origin without a path', { ALLOWED_ORIGINS: 'https://a.example/page' }, 'ALLOWED_ORIGINS'],
    ['proxies that are not everyone', { TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES'],
    ['https away from this machine', { NOTION_API_URL: 'http://api.example/v1' }, 'NOTION_API_URL'],
    ['no credentials in an address', { NOTION_API_URL: 'https://me:pw@api.example' }, 'NOTION_API_URL'],
  ])('insists on %s', (_what, environment, key) => {
    expect(refusal(environment).keys).toContain(key);
  });

  it('lets a demo use a real OAuth app when told to, and an app of a sandbox in any case', () => {
    const notion = [{ name: 'notion' }];
    expect(loadConfig({ ...REAL_APP, DEMO: 'true', DEMO_REAL_ACCOUNTS: 'true' }, notion).demo).toBe(true);
    const sandbox = {
      NOTION_AUTHORIZATION_URL: 'http://localhost:8001/notion/authorize',
      NOTION_TOKEN_URL: 'http://localhost:8001/notion/token',
    };
    expect(loadConfig({ ...REAL_APP, ...sandbox, DEMO: 'true' }, notion).demo).toBe(true);
  });

  it('allows the page of a developer only where people see an address of this machine', () => {
    const origins = (PUBLIC_URL: string) => loadConfig({ PUBLIC_URL }, []).allowedOrigins;
    expect(origins('http://127.0.0.1:9000')).toEqual(['http://127.0.0.1:9000', 'http://localhost:3000']);
    expect(origins('https://patchbay.example')).toEqual(['https://patchbay.example']);
  });

  it('needs no key for a demo, whatever its store', () => {
    expect(loadConfig({ DEMO: 'true', REDIS_URL: 'redis://localhost' }, []).encryptionKeys).toBeUndefined();
  });

  it('prints no secret, however it is printed', () => {
    const config = loadConfig(
      {
        ENCRYPTION_KEYS: KEY,
        REDIS_URL: 'redis://:s3cr3t@localhost',
        NOTION_CLIENT_ID: 'id',
        NOTION_CLIENT_SECRET: 's3cr3t',
      },
      [{ name: 'notion' }],
    );
    const printed = `${inspect(config, { depth: 9 })} ${JSON.stringify([config, ...config.providers.values()])}`;
    expect(printed).not.toContain('s3cr3t');
    expect(printed).not.toContain(KEY.slice(3));
    expect(config.providers.get('notion')?.clientSecret?.reveal()).toBe('s3cr3t');
  });

  it('reads the switches that an integration declares, and has those that nobody set as they usually are', () => {
    const slack = { name: 'slack', switches: { MARKETPLACE: true, QUIET: false } };
    const switches = (environment: Environment) => loadConfig(environment, [slack]).providers.get('slack')?.switches;
    expect(switches({ SLACK_MARKETPLACE: '', MARKETPLACE: 'false' })).toEqual({ MARKETPLACE: true, QUIET: false });
    expect(switches({ SLACK_MARKETPLACE: 'false', SLACK_QUIET: '1' })).toEqual({ MARKETPLACE: false, QUIET: true });
    expect(() => switches({ SLACK_MARKETPLACE: 'perhaps' })).toThrow('SLACK_MARKETPLACE: must be true or false');
    expect(() => switches({ SLACK_MARKETPLACE: 'perhaps' })).not.toThrow('perhaps');
  });

  it('takes scopes separated by spaces or commas', () => {
    const scopes = (text: string) =>
      loadConfig({ AIRTABLE_SCOPES: text }, [{ name: 'airtable' }]).providers.get('airtable')?.scopes;
    expect(scopes('a:read b:read')).toEqual(['a:read', 'b:read']);
    expect(scopes('a:read,b:read')).toEqual(['a:read', 'b:read']);
  });

  it.each([
    [{ REDIS_URL: 'rediss://r.example:6380' }, 'redis-url'],
    [{ REDIS_HOST: 'r.example', REDIS_PORT: '6380', REDIS_TLS: 'true' }, 'redis-host'],
    [{ REDIS_SENTINELS: 'a:26379,b:26379', REDIS_SENTINEL_NAME: 'main' }, 'redis-sentinel'],
    [{ REDIS_CLUSTER_NODES: 'a:6379,b:6379' }, 'redis-cluster'],
  ])('reads %j as %s', (environment: Environment, kind) => {
    expect(loadConfig({ ...environment, ENCRYPTION_KEYS: KEY }, []).store.kind).toBe(kind);
  });
});
