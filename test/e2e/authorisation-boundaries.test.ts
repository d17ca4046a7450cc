import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import type { Answer, Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { browserKey, p256Signer } from '../support/request-signer.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { newClient, newSession, SignedCaller } from '../support/signed-caller.ts';

const QUERY = `user_id=${OWNER.user_id}&org_id=${OWNER.org_id}`;
const RIVAL = { user_id: 'rita', org_id: 'rivals' };
const NOWHERE = `con_${'x'.repeat(22)}`;

let patchbay: RunningPatchbay;
let backend: SignedCaller;
let session: SignedCaller;
let browser: Browser;

beforeAll(async () => {
  patchbay = await startPatchbay();
  backend = await newClient(patchbay);
  session = await newSession(patchbay, OWNER);
  browser = patchbay.newBrowser();
  expect((await browser.connect('notion', OWNER)).status).toBe(200);
});
afterAll(() => patchbay.close());

interface Item {
  readonly integration: string;
}

/** An answer without what differs from one request to the next. */
function seen({ status, headers, json }: Answer, known = ''): unknown {
  const { details, ...rest } = json;
  const others = Object.entries(details as Record<string, unknown>).filter(([name]) => name !== 'request_id');
  const text = JSON.stringify({ status, rest, others, names: [...headers.keys()].sort() });
  return known === '' ? text : text.replaceAll(known, NOWHERE);
}

describe('What is somebody else’s looks like what isn’t there:', () => {
  it('a connection', async () => {
    const { json } = await session.call('GET', `/connections?${QUERY}&integration=notion`);
    const [connection] = json['connections'] as { connection_id: string }[];
    const known = connection?.connection_id ?? '';
    expect(known).toMatch(/^con_/);
    const rival = await newSession(patchbay, RIVAL);
    for (const caller of [rival, backend]) {
      for (const route of ['credentials', 'load']) {
        const ask = (connection_id: string) =>
          caller.call('POST', `/integrations/notion/${route}`, { ...RIVAL, connection_id });
        expect((await ask(known)).json['error']).toBe('connection_not_found');
        expect(seen(await ask(known), known)).toEqual(seen(await ask(NOWHERE)));
      }
      const end = (connection_id: string) =>
        caller.call(
          'DELETE',
          `/integrations/notion/credentials?user_id=rita&org_id=rivals&connection_id=${connection_id}`,
        );
      expect(seen(await end(known), known)).toEqual(seen(await end(NOWHERE)));
    }
    expect((await session.call('POST', '/integrations/notion/load', { ...OWNER, connection_id: known })).status).toBe(
      200,
    );
  });

  it('a user, whether there is one or not', async () => {
    const rival = await newSession(patchbay, RIVAL);
    const real = await rival.call('POST', '/integrations/notion/load', OWNER);
    const made = await rival.call('POST', '/integrations/notion/load', { user_id: 'nobody', org_id: 'nowhere' });
    expect([real.status, seen(real)]).toEqual([403, seen(made)]);
  });

  it('a state, which only who began it may ask about', async () => {
    const begun = await session.call('POST', '/integrations/notion/authorize', OWNER);
    const state = String(begun.json['state']);
    const unknown = 's'.repeat(state.length);
    const ask = (caller: SignedCaller, which: string, name = 'notion') =>
      caller.call('GET', `/integrations/${name}/authorizations/${which}`);
    expect((await ask(session, state)).json).toEqual({ status: 'pending' });
    // Not even another session of the same user, or its own at another integration.
    for (const caller of [await newSession(patchbay, OWNER), await newSession(patchbay, RIVAL), backend]) {
      expect((await ask(caller, state)).status).toBe(404);
      expect(seen(await ask(caller, state))).toEqual(seen(await ask(caller, unknown)));
    }
    expect(seen(await ask(session, state, 'slack'))).toEqual(seen(await ask(session, unknown, 'slack')));
  });
});

describe('A session for one integration', () => {
  it.each([
    '/integrations/notion/authorize',
    '/INTEGRATIONS/notion/authorize',
    '/Integrations/notion/authorize/',
    '/integrations/notion/AUTHORIZE',
  ])('does not get at another by %s', async (path) => {
    const limited = await newSession(patchbay, { ...OWNER, integrations: ['slack'] });
    expect([403, 404]).toContain((await limited.call('POST', path, OWNER)).status);
  });

  it('sees nothing of the others', async () => {
    const limited = await newSession(patchbay, { ...OWNER, integrations: ['slack'] });
    const connections = (await limited.call('GET', `/connections?${QUERY}`)).json['connections'] as Item[];
    expect(connections.filter(({ integration }) => integration !== 'slack')).toEqual([]);
    const listed = (await limited.call('GET', '/integrations')).json['integrations'] as Item[];
    expect(listed.map(({ integration }) => integration)).toEqual(['slack']);
    expect((await limited.call('GET', '/sessions/current')).json['integrations']).toEqual(['slack']);
  });
});

describe('A session token', () => {
  const tokenFor = async () => String((await backend.call('POST', '/sessions', OWNER)).json['session_token']);
  const activate = (key: ReturnType<typeof browserKey>, body: unknown) =>
    new SignedCaller(patchbay.url, { keyId: 'mine', signer: key.signer }).call('POST', '/sessions/activate', body);

  it('is good once, however many bring it at once', async () => {
    const session_token = await tokenFor();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => {
        const key = browserKey();
        return activate(key, { session_token, public_key: key.jwk });
      }),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status, json }) => status === 403 && json['error'] === 'forbidden')).toHaveLength(19);
  });

  it('is not used up by whoever doesn’t hold the key he presents', async () => {
    const session_token = await tokenFor();
    const [mine, theirs] = [browserKey(), browserKey()];
    const stolen = await activate(mine, { session_token, public_key: theirs.jwk });
    expect([stolen.status, stolen.json['error']]).toEqual([401, 'invalid_signature']);
    expect((await activate(theirs, { session_token, public_key: theirs.jwk })).status).toBe(201);
  });

  it('is refused with a private key, another curve, or none, and stays good', async () => {
    const session_token = await tokenFor();
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = { signer: p256Signer(pair.privateKey), jwk: pair.publicKey.export({ format: 'jwk' }) };
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
    for (const public_key of [
      pair.privateKey.export({ format: 'jwk' }),
      p384,
      { kty: 'oct', k: 'c2VjcmV0' },
      undefined,
    ]) {
      const answer = await activate(key, { session_token, public_key });
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
    }
    expect((await activate(key as never, { session_token, public_key: key.jwk })).status).toBe(201);
  });
});

describe('A provider’s token', () => {
  const ask = (caller: SignedCaller) =>
    caller.call('POST', '/integrations/notion/credentials', { ...OWNER, include: ['access_token'] });

  it('is for a backend that may read tokens, and good for a minute at least', async () => {
    await new SandboxControl(patchbay.sandbox).expire('notion', 'access');
    const answer = await ask(backend);
    expect([answer.status, answer.json['token_type']]).toEqual([200, 'Bearer']);
    expect(String(answer.json['access_token']).length).toBeGreaterThan(15);
    const expiresIn = answer.json['expires_in'];
    if (expiresIn !== undefined) expect(expiresIn).toBeGreaterThanOrEqual(60);
  });

  it('is for no session, and for no backend that may not', async () => {
    for (const caller of [session, await newClient(patchbay, { permissions: ['connections:read'] })]) {
      const answer = await ask(caller);
      expect([answer.status, answer.json['error']]).toEqual([403, 'forbidden']);
      const plain = await caller.call('POST', '/integrations/notion/credentials', OWNER);
      expect([plain.status, 'access_token' in plain.json]).toEqual([200, false]);
    }
  });
});

describe('An authorization', () => {
  it('of a session is bound to its browser; of a backend it goes back to its return_url', async () => {
    const bound = await session.call('POST', '/integrations/slack/authorize', OWNER);
    expect(bound.headers.getSetCookie()).toHaveLength(1);
    const return_url = 'http://localhost:3000/done';
    const begun = await backend.call('POST', '/integrations/slack/authorize', { ...OWNER, return_url });
    expect(begun.headers.getSetCookie()).toEqual([]);
    const arrived = await patchbay
      .newBrowser()
      .arrive(await browser.decide(String(begun.json['authorization_url']), 'approve'));
    const location = new URL(arrived.headers.get('location') ?? '');
    expect([arrived.status, location.origin + location.pathname]).toEqual([303, return_url]);
    const outcome = await backend.call('GET', `/integrations/slack/authorizations/${String(begun.json['state'])}`);
    const connection_id = location.searchParams.get('connection_id');
    expect(outcome.json).toEqual({ status: 'connected', connection_id });
    expect((await backend.call('POST', '/integrations/slack/load', { ...OWNER, connection_id })).status).toBe(200);
  });

  it('begun in one browser and finished in another writes nothing, and can still be finished in the first', async () => {
    const mine = patchbay.newBrowser();
    const begun = await mine.begin('airtable', OWNER);
    const back = await mine.decide(begun.authorization_url, 'approve');
    const foreign = await patchbay.newBrowser().arrive(back);
    expect(foreign.status).toBe(400);
    const stats = await new SandboxControl(patchbay.sandbox).stats('airtable');
    expect(stats.exchanges).toBe(0);
    const listed = await session.call('GET', `/connections?${QUERY}&integration=airtable`);
    expect(listed.json).toEqual({ connections: [] });
    expect((await mine.arrive(back)).status).toBe(200);
  });
});

describe('A name that every object answers to is no member:', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s, in a query or a body', async (name) => {
    const asked = await backend.call('GET', `/connections?${QUERY}&${name}=1`);
    const sent = await backend.call('POST', '/sessions', `{"user_id":"a","org_id":"b","${name}":1}`);
    for (const answer of [asked, sent]) expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
  });
});
