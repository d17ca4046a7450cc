import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ProviderName } from '../../sandbox/core/providers.ts';
import { PERMISSIONS } from '../../src/callers/caller.ts';
import type { Environment } from '../../src/config/load-config.ts';
import { integrationNames } from '../../src/integrations/registry.ts';
import { FetchWitness, type Exchange } from '../support/fetch-witness.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { hmacSigner } from '../support/request-signer.ts';
import { describeWithRedis, startRedis } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { clientsOf, newSession, SignedCaller } from '../support/signed-caller.ts';
import { textOfFiles, textOfRedis } from '../support/stored-text.ts';

/** Secrets by kind, and the requests whose answers are there to hand such a one out. */
interface Canaries {
  readonly values: readonly string[];
  readonly handedOutBy?: RegExp;
}

interface Lived {
  readonly exchanges: readonly Exchange[];
  readonly log: string;
  readonly stored: string;
  readonly canaries: Readonly<Record<string, Canaries>>;
}

/** Everything there is to do, well and badly, with every integration. */
async function live(environment: Environment, read: (dataDir: string) => string | Promise<string>): Promise<Lived> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-leaks-'));
  const dataFile = join(folder, 'sandbox.sqlite');
  const appSecrets = new Map(integrationNames.map((name) => [name, `canary-${randomBytes(16).toString('hex')}`]));
  let origin = '';
  const witness = new FetchWitness(() => origin);
  const patchbay = await startPatchbay({
    environment: { LOG_LEVEL: 'trace', ...environment },
    clients: appSecrets,
    sandbox: {
      dataFile,
      clients: [...appSecrets].map(([name, clientSecret]) => ({
        provider: name as ProviderName,
        clientId: `canary-${name}`,
        clientSecret,
      })),
    },
  });
  origin = new URL(patchbay.url).origin;
  try {
    const journey = new Journey(patchbay);
    await journey.begin();
    for (const name of integrationNames) await journey.through(name);
    expect((await fetch(`${patchbay.url}/metrics`)).status).toBe(200);
    return {
      exchanges: [...witness.exchanges],
      log: patchbay.log.join('\n'),
      stored: await read(patchbay.dataDir),
      canaries: {
        'an app’s client secret': { values: [...appSecrets.values()] },
        'an API client’s secret': { values: journey.clientSecrets },
        'a provider’s token': {
          values: secretsIn(dataFile, 'SELECT token AS secret FROM tokens'),
          handedOutBy: /^POST \/integrations\/\w+\/credentials$/,
        },
        'an authorization code': { values: secretsIn(dataFile, 'SELECT code AS secret FROM codes') },
        'a session token': { values: sessionTokensIn(witness.exchanges), handedOutBy: /^POST (?:\/demo)?\/sessions$/ },
        'a state': { values: journey.states, handedOutBy: /\/(?:authorize|oauth2callback)$/ },
        'a signature': { values: witness.exchanges.flatMap(({ signature }) => signature?.slice(6, 40) ?? []) },
      },
    };
  } finally {
    witness.end();
    await patchbay.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Journey {
  readonly clientSecrets: string[] = [];
  readonly states: string[] = [];
  readonly #patchbay: RunningPatchbay;
  readonly #sandbox: SandboxControl;
  #backend: SignedCaller | undefined;

  constructor(patchbay: RunningPatchbay) {
    this.#patchbay = patchbay;
    this.#sandbox = new SandboxControl(patchbay.sandbox);
  }

  async begin(): Promise<void> {
    const made = await clientsOf(this.#patchbay).create({ name: 'canary', permissions: PERMISSIONS, orgs: '*' });
    const rotated = await clientsOf(this.#patchbay).rotate(made.client.clientId);
    const secret = rotated.secret?.reveal() ?? '';
    this.clientSecrets.push(made.secret?.reveal() ?? '', secret);
    this.#backend = new SignedCaller(this.#patchbay.url, { keyId: made.client.clientId, signer: hmacSigner(secret) });
  }

  async through(name: string): Promise<void> {
    const { states } = this;
    const browser = this.#patchbay.newBrowser();
    const begin = async () => {
      const begun = await browser.begin(name, OWNER);
      states.push(begun.state);
      return begun.authorization_url;
    };
    const arrived = await browser.arrive(await browser.decide(await begin(), 'approve'));
    expect([name, arrived.status]).toEqual([name, 200]);
    await browser.arrive(await browser.decide(await begin(), 'deny'));
    // Another's browser, then its own, where the provider fails meanwhile.
    const back = await browser.decide(await begin(), 'approve');
    expect((await this.#patchbay.newBrowser().arrive(back)).status).toBe(400);
    await this.#sandbox.fault({ provider: name, endpoint: 'token', mode: 'html', times: 1 });
    await browser.arrive(back);
    await this.#use(name);
    await this.#ask(name, await begin());
  }

  /** Loads, refreshes, failures, and a token for the backend. */
  async #use(name: string): Promise<void> {
    const session = await newSession(this.#patchbay, OWNER);
    const load = () => session.call('POST', `/integrations/${name}/load`, OWNER);
    expect((await load()).status).toBe(200);
    await this.#sandbox.expire(name, 'access');
    expect((await load()).status).toBe(200);
    const token = { ...OWNER, include: ['access_token'] };
    const given = await this.#backend?.call('POST', `/integrations/${name}/credentials`, token);
    expect([given?.status, typeof given?.json['access_token']]).toEqual([200, 'string']);
    expect((await session.call('POST', `/integrations/${name}/credentials`, token)).status).toBe(403);
    await this.#sandbox.fault({ provider: name, endpoint: 'api', mode: 'html' });
    await load();
    await this.#sandbox.reset();
  }

  /** Asks after a state in every way that could end in a log. */
  async #ask(name: string, authorizationUrl: string): Promise<void> {
    const { url } = this.#patchbay;
    const state = new URL(authorizationUrl).searchParams.get('state') ?? '';
    for (const path of [`authorizations/${state}`, `authorizations/${state}/more`, `oauth2callback?state=${state}`]) {
      await fetch(`${url}/integrations/${name}/${path}`);
    }
    await fetch(`${url}/integrations/${name}/authorizations/${state}`, {
      method: 'POST',
      body: 'x',
      headers: { 'content-encoding': 'gzip' },
    });
  }
}

function secretsIn(sandboxFile: string, query: string): string[] {
  const database = new DatabaseSync(sandboxFile, { readOnly: true });
  const rows = database.prepare(query).all();
  database.close();
  return rows.map((row) => String(row['secret']));
}

function sessionTokensIn(exchanges: readonly Exchange[]): string[] {
  return exchanges.flatMap(({ answer }) => /"session_token":"([^"]+)"/.exec(answer)?.[1] ?? []);
}

/** Where each kind of secret was seen that it shouldn't have been. */
function leaksIn({ canaries, exchanges, log, stored }: Lived): string[] {
  return Object.entries(canaries).flatMap(([kind, { values, handedOutBy }]) => {
    const places = new Map<string, string>([
      ['the log', log],
      ['the store', stored],
    ]);
    for (const { request, answer } of exchanges) {
      if (handedOutBy?.test(request) !== true) places.set(request, `${places.get(request) ?? ''}\n${answer}`);
    }
    const isIn = (text: string) => values.some((value) => spellings(value).some((spelling) => text.includes(spelling)));
    return [...places].filter(([, text]) => isIn(text)).map(([place]) => `${kind} in ${place}`);
  });
}

function spellings(value: string): string[] {
  // Without its end, which depends on what follows.
  return [
    value,
    encodeURIComponent(value),
    ...(['base64', 'base64url', 'hex'] as const).map((name) => Buffer.from(value).toString(name).slice(0, 20)),
  ];
}

function expectNoLeak(lived: Lived): void {
  const counts = Object.entries(lived.canaries).map(([kind, { values }]) => [kind, values.length] as const);
  // Or the test looks for nothing.
  for (const [kind, count] of counts) expect([kind, count >= 2]).toEqual([kind, true]);
  for (const { values } of Object.values(lived.canaries)) {
    for (const value of values) expect(value.length).toBeGreaterThan(15);
  }
  expect([lived.log.length > 10_000, lived.stored.length > 1000, lived.exchanges.length > 50]).toEqual([
    true,
    true,
    true,
  ]);
  expect(leaksIn(lived)).toEqual([]);
}

describe('No secret is seen where the contract doesn’t hand it out', () => {
  it('with the embedded store', async () => {
    expectNoLeak(await live({}, textOfFiles));
  });
});

describeWithRedis('No secret is seen where the contract doesn’t hand it out either', () => {
  it('with Redis', async () => {
    const redis = await startRedis();
    try {
      expectNoLeak(await live({ REDIS_URL: redis.url }, () => textOfRedis(redis.url)));
    } finally {
      await redis.stop();
    }
  });
});
