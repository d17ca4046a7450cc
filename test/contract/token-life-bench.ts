import { afterAll, beforeAll, beforeEach, jest } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { AccessTokens, type PATIENCE_MS } from '../../src/connections/access-tokens.ts';
import { registry } from '../../src/integrations/registry.ts';
import {
  startProviderStub,
  type Answer as StubAnswer,
  type ProviderStub,
  type ReceivedRequest,
} from '../../src/outbound/fixtures/provider-stub.ts';
import type { Environment } from '../../src/config/load-config.ts';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import type { Answer } from '../support/http-browser.ts';
import { freePort, LONG_DEADLINES, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { newClient, type SignedCaller } from '../support/signed-caller.ts';

/** Tokens of every provider that tells a life live so long, in seconds: their margin is 6 minutes. */
export const LIFE = 3600;
export const INSIDE_MARGIN = LIFE - 300;
export const EXPIRED = LIFE + 1;

export type Owner = { readonly user_id: string; readonly org_id: string };
export type ConnectionJson = Readonly<Record<string, unknown>> & { readonly connection_id: string };

type JsonBody = Readonly<Record<string, unknown>>;

/** Longer than any test, in milliseconds: a caller who waits so long has not been answered. */
export const FOR_EVER_MS = 600_000;

export const NAMES = registry.map(({ descriptor }) => descriptor.name);

export interface TokenLifeOptions {
  readonly environment?: Environment;
  readonly sandbox?: SandboxOptions;
}

interface Running {
  readonly patchbay: RunningPatchbay;
  readonly control: SandboxControl;
  readonly gate: ProviderStub;
  readonly backend: SignedCaller;
}

/**
 * The product with a gate before the providers' token endpoints: it sees every token request, and can replace any answer.
 * The date stands still; `later` moves it on.
 */
export class TokenLifeBench {
  /** A new one for each test, so that no test sees another's connections. */
  owner: Owner = { user_id: 'user-0', org_id: 'acme' };
  /** What becomes of answers on their way through the gate. */
  change: ((body: JsonBody) => JsonBody) | undefined;
  #running: Running | undefined;
  #count = 0;
  #seen = 0;

  /** One bench for the tests of the describe block, or of the file, that calls this. */
  static forTests(options: () => TokenLifeOptions = () => ({})): TokenLifeBench {
    const bench = new TokenLifeBench();
    beforeAll(() => bench.#start(options()));
    beforeEach(() => bench.#next());
    afterAll(() => bench.#close());
    return bench;
  }

  get patchbay(): RunningPatchbay {
    return this.#started.patchbay;
  }

  get control(): SandboxControl {
    return this.#started.control;
  }

  get gate(): ProviderStub {
    return this.#started.gate;
  }

  get backend(): SignedCaller {
    return this.#started.backend;
  }

  get #started(): Running {
    if (this.#running === undefined) throw new Error('The bench was not started.');
    return this.#running;
  }

  async #start({ environment, sandbox }: TokenLifeOptions): Promise<void> {
    const gate = await startProviderStub();
    const port = await freePort();
    const patchbay = await startPatchbay({
      sandbox: {
        port,
        items: 2,
        // Looked up at every call: the sandbox goes by the time that `later` makes it.
        clock: () => Date.now(),
        ...sandbox,
        lives: { accessLifeSeconds: LIFE, ...sandbox?.lives },
      },
      environment: {
        // Whatever is asked of a token endpoint here is asked because somebody needs it.
        REFRESH_AHEAD: 'false',
        ...throughGate(`http://127.0.0.1:${port}`, gate.url),
        ...environment,
      },
      deadlines: LONG_DEADLINES,
    });
    const control = new SandboxControl(patchbay.sandbox);
    this.#running = { patchbay, control, gate, backend: await newClient(patchbay) };
  }

  async #close(): Promise<void> {
    onTime();
    await this.patchbay.close();
    await this.gate.close();
  }

  async #next(): Promise<void> {
    onTime();
    later(0);
    this.owner = { user_id: `user-${(this.#count += 1)}`, org_id: 'acme' };
    this.gate.answer = this.through;
    this.change = undefined;
    this.letCallersWait({ notNeededYet: FOR_EVER_MS, needed: FOR_EVER_MS });
    this.#seen = this.gate.requests.length;
    await this.control.reset();
  }

  /** The gate's plain way: what the provider says to it, or nothing when that breaks off. */
  readonly through: StubAnswer = (response, request) => {
    this.#pass(response, request).catch(() => response.destroy());
  };

  /** Connects an account, and tells the connection as it then is. */
  async connect(name: string, members: Record<string, unknown> = {}): Promise<ConnectionJson> {
    const browser = this.patchbay.newBrowser();
    const page = await browser.connect(name, { ...this.owner, ...members });
    if (page.status !== 200) throw new Error(`The callback answered ${page.status}: ${page.text}`);
    return this.connection(name);
  }

  /** Replaces how long callers wait for a refresh. Until the next test, or a restart of the service. */
  letCallersWait(patienceMs: Readonly<Record<keyof typeof PATIENCE_MS, number>>): void {
    Object.assign(this.patchbay.application.get(AccessTokens, { strict: false }), { patienceMs });
  }

  /** As `later` below. */
  later(seconds: number): void {
    later(seconds);
  }

  /** Ends the access token: by the time, or, where the provider tells no time, by the provider's refusal. */
  async endToken(name: string): Promise<void> {
    if (name === 'notion') await this.control.expire(name, 'access');
    else this.later(EXPIRED);
  }

  /** A call that needs a token: where the provider tells no time, only a load finds out that it has ended. */
  use(name: string): Promise<Answer> {
    return name === 'notion' ? this.load(name) : this.credentials(name);
  }

  credentials(name: string, members: Record<string, unknown> = {}): Promise<Answer> {
    const body = { ...this.owner, include: ['access_token'], ...members };
    return this.backend.call('POST', `/integrations/${name}/credentials`, body);
  }

  load(name: string): Promise<Answer> {
    return this.backend.call('POST', `/integrations/${name}/load`, this.owner);
  }

  disconnect(name: string, members: Record<string, string> = {}): Promise<Answer> {
    const query = new URLSearchParams({ ...this.owner, ...members }).toString();
    return this.backend.call('DELETE', `/integrations/${name}/credentials?${query}`);
  }

  async connections(): Promise<readonly ConnectionJson[]> {
    const query = new URLSearchParams(this.owner).toString();
    const answer = await this.backend.call('GET', `/connections?${query}`);
    return answer.json['connections'] as ConnectionJson[];
  }

  async connection(name: string): Promise<ConnectionJson> {
    const found = (await this.connections()).find(({ integration }) => integration === name);
    if (found === undefined) throw new Error(`There is no connection to ${name}.`);
    return found;
  }

  async #pass(response: ServerResponse, { url, method, headers, body }: ReceivedRequest): Promise<void> {
    const { 'content-type': contentType = '', authorization } = headers;
    const passed = { 'content-type': contentType, ...(authorization === undefined ? {} : { authorization }) };
    const answer = await fetch(this.patchbay.sandbox.url + url.pathname, { method, headers: passed, body });
    const text = await answer.text();
    const told = this.change === undefined ? text : JSON.stringify(this.change(JSON.parse(text) as JsonBody));
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(told);
  }

  /** How often a refresh token was presented since the test began. */
  presented(): number {
    return this.gate.requests.slice(this.#seen).filter(isRefresh).length;
  }
}

export function isRefresh({ body }: ReceivedRequest): boolean {
  return /grant_type(?:=|":")refresh_token/.test(body);
}

/** As an operator would who put a proxy before the providers' token endpoints. */
function throughGate(sandboxUrl: string, gateUrl: string): Environment {
  const settings = registry.flatMap(({ descriptor: { name, endpoints } }) => {
    const key = name.toUpperCase();
    const at = (base: string, endpoint: string) => `${base}/${name}${new URL(endpoint).pathname.replace(/\/$/, '')}`;
    return [
      [`${key}_CLIENT_ID`, `sandbox-${name}`],
      [`${key}_CLIENT_SECRET`, `sandbox-${name}-secret`],
      [`${key}_AUTHORIZATION_URL`, at(sandboxUrl, endpoints.authorization)],
      [`${key}_TOKEN_URL`, at(gateUrl, endpoints.token)],
      [`${key}_API_URL`, at(sandboxUrl, endpoints.api)],
      ...(endpoints.revocation === undefined ? [] : [[`${key}_REVOCATION_URL`, at(sandboxUrl, endpoints.revocation)]]),
    ];
  });
  return Object.fromEntries(settings) as Environment;
}

/** From now on it is so many seconds later than it was, and no time passes. */
export function later(seconds: number): void {
  const doNotFake = [
    ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
    ...(['setImmediate', 'setInterval', 'setTimeout', 'clearImmediate', 'clearInterval', 'clearTimeout'] as const),
  ];
  jest.useFakeTimers({ now: Date.now() + seconds * 1000, doNotFake });
}

/** It is as late as it is. */
export function onTime(): void {
  jest.useRealTimers();
}
