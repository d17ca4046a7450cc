import { describe, expect, it } from '@jest/globals';
import { optionsFrom } from '../../sandbox/core/environment.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';

describe('the sandbox’s environment', () => {
  it('has a default for everything', () => {
    expect(optionsFrom({})).toEqual({
      port: 8001,
      host: '127.0.0.1',
      rateLimits: true,
      reuseRevokesGrant: false,
      airtable: {},
      notion: {},
      hubspot: { oldTokenErrors: false },
      slack: { tokenRotation: true },
    });
  });

  it('is read whole', () => {
    const clients = [
      { provider: 'airtable', client_id: 'public', client_secret: null },
      { provider: 'slack', client_id: 'app', client_secret: 's', redirect_uris: ['https://app.example/cb'] },
    ];
    const options = optionsFrom({
      SANDBOX_PORT: '0',
      SANDBOX_HOST: '0.0.0.0',
      SANDBOX_SEED: 'x',
      SANDBOX_ITEMS: '1000000',
      SANDBOX_DATA: '/tmp/sandbox.sqlite',
      SANDBOX_RATE_LIMITS: 'off',
      SANDBOX_RATE_LIMIT_SCALE: '0.5',
      SANDBOX_SLACK_ROTATION: 'off',
      SANDBOX_ACCESS_TOKEN_SECONDS: '60,slack=120',
      SANDBOX_REFRESH_TOKEN_SECONDS: 'airtable=600,notion=700,hubspot=800,slack=900',
      SANDBOX_AIRTABLE_CONFLICT_SECONDS: '0',
      SANDBOX_AIRTABLE_ITERATOR_SECONDS: '90',
      SANDBOX_AIRTABLE_BASES: '1',
      SANDBOX_AIRTABLE_TABLES: '200',
      SANDBOX_AIRTABLE_RECORDS: '500',
      SANDBOX_SLACK_GRACE_SECONDS: '5',
      SANDBOX_SLACK_MARKETPLACE: 'off',
      SANDBOX_SLACK_USER_REFRESH: 'authed_user',
      SANDBOX_HUBSPOT_OLD_TOKEN_ERRORS: 'on',
      SANDBOX_REUSE_REVOKES_GRANT: 'on',
      SANDBOX_PUBLIC_URL: 'https://sandbox.example',
      SANDBOX_COOP: 'same-origin',
      SANDBOX_CLIENTS: JSON.stringify(clients),
    });
    expect(options).toEqual({
      port: 0,
      host: '0.0.0.0',
      seed: 'x',
      items: 1_000_000,
      dataFile: '/tmp/sandbox.sqlite',
      rateLimits: false,
      rateLimitScale: 0.5,
      reuseRevokesGrant: true,
      lives: { accessLifeSeconds: 60 },
      airtable: {
        refreshLifeSeconds: 600,
        conflictWindowSeconds: 0,
        iteratorLifeSeconds: 90,
        bases: 1,
        tablesPerBase: 200,
        recordsPerTable: 500,
      },
      notion: { refreshLifeSeconds: 700 },
      hubspot: { refreshLifeSeconds: 800, oldTokenErrors: true },
      slack: {
        accessLifeSeconds: 120,
        refreshLifeSeconds: 900,
        tokenRotation: false,
        refreshGraceSeconds: 5,
        userRefresh: 'authed_user',
        marketplace: false,
      },
      publicUrl: 'https://sandbox.example',
      crossOriginOpenerPolicy: 'same-origin',
      clients: [
        { provider: 'airtable', clientId: 'public', clientSecret: null },
        { provider: 'slack', clientId: 'app', clientSecret: 's', redirectUris: ['https://app.example/cb'] },
      ],
    });
  });

  it.each([
    [{ SANDBOX_PORT: 'many' }, 'SANDBOX_PORT must be a number.'],
    [{ SANDBOX_ITEMS: '-1' }, 'SANDBOX_ITEMS must be a number.'],
    [{ SANDBOX_RATE_LIMITS: 'no' }, 'SANDBOX_RATE_LIMITS must be on or off.'],
    [{ SANDBOX_SLACK_USER_REFRESH: 'both' }, 'SANDBOX_SLACK_USER_REFRESH must be top_level or authed_user.'],
    [{ SANDBOX_ACCESS_TOKEN_SECONDS: 'soon' }, 'SANDBOX_ACCESS_TOKEN_SECONDS must be a number.'],
    [{ SANDBOX_ACCESS_TOKEN_SECONDS: 'slack=' }, 'SANDBOX_ACCESS_TOKEN_SECONDS must be a number.'],
    [{ SANDBOX_REFRESH_TOKEN_SECONDS: 'dropbox=60' }, 'SANDBOX_REFRESH_TOKEN_SECONDS names no provider: dropbox=60.'],
    [{ SANDBOX_CLIENTS: '{}' }, 'SANDBOX_CLIENTS must be a JSON array.'],
    [{ SANDBOX_CLIENTS: '[{"provider":"dropbox"}]' }, 'Each of SANDBOX_CLIENTS needs'],
  ])('refuses %j', (environment, message) => {
    expect(() => optionsFrom(environment)).toThrow(message);
  });

  it('has a bound on the number of items', async () => {
    await expect(startSandbox({ items: 10_000_001 })).rejects.toThrow('items must be a whole number');
  });
});
