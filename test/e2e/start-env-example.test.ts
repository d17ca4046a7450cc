import { describe, expect, it } from '@jest/globals';
import { getMetadataStorage } from 'class-validator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { optionsFrom } from '../../sandbox/core/environment.ts';
import { ProviderEnvironment, ServerEnvironment } from '../../src/config/environment.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { integrationKeys, integrationNames } from '../../src/integrations/registry.ts';

const text = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
const SETTING = /^# ([A-Z][A-Z0-9_]*)=(.*)$/;
const settings = new Map(
  text.split('\n').flatMap((line) => {
    const [, key, value] = SETTING.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  }),
);

function keysOf(environment: new () => object): string[] {
  const found = getMetadataStorage().getTargetValidationMetadatas(environment, '', false, false);
  return [...new Set(found.map(({ propertyName }) => propertyName))];
}

const keysOfIntegrations = (names: readonly string[]): string[] =>
  names.flatMap((name) => keysOf(ProviderEnvironment).map((key) => `${name.toUpperCase()}_${key}`));

/** The file writes some integrations out, whole, and says that every other has keys of the same form. */
const writtenOut = integrationNames.filter((name) => settings.has(`${name.toUpperCase()}_CLIENT_ID`));

/** What one of them alone can be told. */
const keysOfTheirOwn = integrationKeys.flatMap(({ name, switches = {} }) =>
  Object.keys(switches).map((key) => `${name.toUpperCase()}_${key}`),
);

const known = [...keysOf(ServerEnvironment), ...keysOfIntegrations(integrationNames), ...keysOfTheirOwn];

describe('.env.example', () => {
  it('changes nothing when it is copied as it stands', () => {
    expect(parseEnv(text)).toEqual({});
  });

  it('lists every key there is', () => {
    expect(writtenOut.length).toBeGreaterThanOrEqual(4);
    const listed = [...keysOf(ServerEnvironment), ...keysOfIntegrations(writtenOut), ...keysOfTheirOwn];
    expect([...settings.keys()]).toEqual(expect.arrayContaining(listed));
    expect(text).toContain('Every other integration has the same keys');
  });

  it('lists no key that nobody reads', () => {
    const sandboxKeys = [...settings.keys()].filter((key) => key.startsWith('SANDBOX_'));
    expect([...settings.keys()].filter((key) => !known.includes(key) && !sandboxKeys.includes(key))).toEqual([]);
    // The sandbox reads by name: each of its keys has to make a difference or be refused.
    const unread = sandboxKeys.filter((key) => !known.includes(key) && !makesADifference(key));
    expect(unread).toEqual([]);
  });

  it('says the defaults: with every line taken in, the service and the sandbox are set up as without any', () => {
    const all = Object.fromEntries(settings);
    expect(loadConfig(all, integrationKeys)).toEqual(loadConfig({ DEMO: 'true' }, integrationKeys));
    const { seed, items, rateLimitScale, ...sandbox } = optionsFrom(all);
    expect(sandbox).toEqual(optionsFrom({}));
    // The sandbox fills these in later; they are in the table of its README.
    expect({ seed, items, rateLimitScale }).toEqual({ seed: 'patchbay', items: 120, rateLimitScale: 1 });
  });
});

function makesADifference(key: string): boolean {
  const probe = key === 'SANDBOX_RATE_LIMITS' ? 'off' : '7';
  return JSON.stringify(optionsFrom({ [key]: probe })) !== JSON.stringify(optionsFrom({}));
}
