import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PROVIDER_NAMES, type ProviderName } from '../../sandbox/core/providers.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { SandboxControl, type Fault } from '../support/sandbox-control.ts';
import { closeSandboxes, connect, exchangeCode, newCode, openSandbox, refreshRequest, refreshWith } from './connect.ts';

/** Longer than any test: who waits for it has failed. */
const FOR_EVER_MS = 600_000;
const TOKEN_REQUEST = 'POST /oauth2/v1/token';

let sandbox: Sandbox;
let control: SandboxControl;
let refreshToken: string;

beforeEach(async () => {
  sandbox = await openSandbox();
  control = new SandboxControl(sandbox);
  refreshToken = (await connect(sandbox, 'airtable')).refresh_token;
  await control.reset();
});

afterEach(closeSandboxes);

function refreshFault(members: Partial<Fault> & Pick<Fault, 'mode'>): Promise<void> {
  return control.fault({ provider: 'airtable', endpoint: 'token', grant_type: 'refresh_token', times: 1, ...members });
}

/** A refresh that its client can give up. */
function openRefresh(): { answer: Promise<unknown>; giveUp: () => void } {
  const giving = new AbortController();
  const { url, init } = refreshRequest(sandbox, 'airtable', refreshToken);
  const answer = fetch(url, { ...init, signal: giving.signal }).then((response) => response.json());
  answer.catch(() => undefined);
  return { answer, giveUp: () => giving.abort() };
}

async function reached(count: (stats: Awaited<ReturnType<SandboxControl['stats']>>) => number | undefined) {
  while (count(await control.stats('airtable')) !== 1);
}

const arrived = () => reached(({ requests }) => requests[TOKEN_REQUEST]);
const refreshed = () => reached(({ refreshes }) => refreshes);

describe('a fault that strikes before the provider acts', () => {
  it.each(['status', 'html', 'redirect'])('leaves the refresh token as it was in %s', async (mode) => {
    await refreshFault({ mode });
    const { url, init } = refreshRequest(sandbox, 'airtable', refreshToken);
    await (await fetch(url, { ...init, redirect: 'manual' })).text();
    expect((await refreshWith(sandbox, 'airtable', refreshToken)).status).toBe(200);
  });

  it('leaves the refresh token as it was when the connection is reset', async () => {
    await refreshFault({ mode: 'reset' });
    await expect(openRefresh().answer).rejects.toThrow();
    expect((await refreshWith(sandbox, 'airtable', refreshToken)).status).toBe(200);
  });

  it('never acts for a client that goes while slow holds it back', async () => {
    await refreshFault({ mode: 'slow', delay_ms: FOR_EVER_MS });
    const { answer, giveUp } = openRefresh();
    await arrived();
    expect((await control.stats('airtable')).refreshes).toBe(0);
    giveUp();
    await expect(answer).rejects.toThrow('abort');
    expect((await refreshWith(sandbox, 'airtable', refreshToken)).status).toBe(200);
  });
});

describe('a fault that strikes after the provider has acted', () => {
  it.each(['status', 'html', 'redirect'])('has used the refresh token up in %s', async (mode) => {
    await refreshFault({ mode, when: 'after' });
    const { url, init } = refreshRequest(sandbox, 'airtable', refreshToken);
    expect(await (await fetch(url, { ...init, redirect: 'manual' })).text()).not.toContain('access_token');
    expect((await refreshWith(sandbox, 'airtable', refreshToken)).status).toBe(409);
    expect(await control.stats('airtable')).toMatchObject({ refreshes: 1, rotated_token_reuse: 1 });
  });

  it.each(['reset', 'truncate'])('loses the only answer in %s', async (mode) => {
    await refreshFault({ mode, when: 'after' });
    await expect(openRefresh().answer).rejects.toThrow();
    expect((await refreshWith(sandbox, 'airtable', refreshToken)).status).toBe(409);
  });

  it.each(['hang', 'slow'])('has acted, in %s, for a client that went without an answer', async (mode) => {
    await refreshFault({ mode, when: 'after', delay_ms: FOR_EVER_MS });
    const { answer, giveUp } = openRefresh();
    await refreshed();
    giveUp();
    await expect(answer).rejects.toThrow('abort');
    expect((await refreshWith(sandbox, 'airtable', refreshToken)).status).toBe(409);
  });
});

describe('an answer that slow holds back', () => {
  it.each(['before', 'after'] as const)('goes as soon as the faults are cleared (%s)', async (when) => {
    await refreshFault({ mode: 'slow', when, delay_ms: FOR_EVER_MS });
    const { answer } = openRefresh();
    await arrived();
    await control.clearFaults();
    expect(await answer).toMatchObject({ access_token: expect.any(String) });
    expect((await control.stats('airtable')).refreshes).toBe(1);
  });
});

describe('a fault of one grant type', () => {
  it.each(PROVIDER_NAMES)('strikes refreshes alone at %s', async (provider: ProviderName) => {
    await control.fault({ provider, endpoint: 'token', grant_type: 'refresh_token', mode: 'status', status: 502 });
    const exchanged = await exchangeCode(sandbox, provider, await newCode(sandbox, provider));
    expect(exchanged.body).toHaveProperty('access_token');
    const token = exchanged.body['refresh_token'] as string;
    expect((await refreshWith(sandbox, provider, token)).status).toBe(502);
  });

  it('strikes exchanges alone', async () => {
    await control.fault({ provider: 'airtable', grant_type: 'authorization_code', mode: 'status' });
    expect((await refreshWith(sandbox, 'airtable', refreshToken)).status).toBe(200);
    expect((await exchangeCode(sandbox, 'airtable', await newCode(sandbox, 'airtable'))).status).toBe(500);
  });
});
