import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { integrationNames } from '../../src/integrations/registry.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { browserKey } from '../support/request-signer.ts';
import { routesOf } from '../support/router-walk.ts';
import { clientsOf, newClient, newSession, send, SignedCaller } from '../support/signed-caller.ts';

let patchbay: RunningPatchbay;
let owner: SignedCaller;
/** Of a state that the owner's session began, by integration. */
const states = new Map<string, string>();

const OTHERS = {
  'a session of another user': () => newSession(patchbay, { ...OWNER, user_id: 'bob' }),
  'a session of another organisation': () => newSession(patchbay, { ...OWNER, org_id: 'rivals' }),
  'a session for other integrations': (integration: string) =>
    newSession(patchbay, { ...OWNER, integrations: integrationNames.filter((name) => name !== integration) }),
  'a session that has ended': async () => {
    const session = await newSession(patchbay, OWNER);
    expect((await session.call('DELETE', '/sessions/current')).status).toBe(204);
    return session;
  },
  'a client without permissions': () => newClient(patchbay, { permissions: [] }),
  'a client of another organisation': () => newClient(patchbay, { orgs: ['rivals'] }),
  'a client that was revoked': async () => {
    const client = await newClient(patchbay);
    await clientsOf(patchbay).revoke(client.key.keyId);
    return client;
  },
} satisfies Record<string, (integration: string) => Promise<SignedCaller>>;

const OURS = {
  // The one that began what the states stand for, but for the route that would end it.
  'the owner’s session': (_integration: string, route: string) =>
    route === 'DELETE /sessions/current' ? newSession(patchbay, OWNER) : Promise.resolve(owner),
  'a client with all permissions': () => newClient(patchbay),
};

type Other = keyof typeof OTHERS;
/** An error's code, or the status of what is served. */
type Outcome = string | number;

interface Rule {
  readonly path?: (integration: string) => string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Of those above, and of the owner's own session and of a client that may do everything. */
  readonly outcomes: Readonly<Record<Other | keyof typeof OURS, Outcome>>;
}

const GONE = { 'a session that has ended': 'unknown_key', 'a client that was revoked': 'unknown_key' };
const STRANGERS = {
  ...GONE,
  'a session of another user': 'forbidden',
  'a session of another organisation': 'forbidden',
  'a session for other integrations': 'forbidden',
  'a client without permissions': 'forbidden',
  'a client of another organisation': 'forbidden',
};
const forOwner = (outcome: Outcome) => ({
  ...STRANGERS,
  'the owner’s session': outcome,
  'a client with all permissions': outcome,
});
const forSessions = (status: Outcome) => ({
  ...GONE,
  'a session of another user': status,
  'a session of another organisation': status,
  'a session for other integrations': status,
  'a client without permissions': 'forbidden',
  'a client of another organisation': 'forbidden',
  'the owner’s session': status,
  'a client with all permissions': 'forbidden',
});

const QUERY = `user_id=${OWNER.user_id}&org_id=${OWNER.org_id}`;
/** Nobody has connected anything, so whoever gets past the door is told so. */
const NOTHING = 'connection_not_found';

/** By route, an integration's name written as *. What isn't here or among the public ones fails the first test. */
const RULES: Readonly<Record<string, Rule>> = {
  // Past the door this is found wanting; each that was begun would count towards what one user may have under way.
  'POST /integrations/*/authorize': { body: { ...OWNER, scopes: [] }, outcomes: forOwner('invalid_request') },
  'POST /integrations/*/credentials': { body: OWNER, outcomes: forOwner(NOTHING) },
  'DELETE /integrations/*/credentials': {
    path: (integration) => `/integrations/${integration}/credentials?${QUERY}`,
    outcomes: forOwner(NOTHING),
  },
  'POST /integrations/*/load': { body: OWNER, outcomes: forOwner(NOTHING) },
  'POST /integrations/*/get_hubspot_items': { body: OWNER, outcomes: forOwner(NOTHING) },
  'GET /integrations/*/authorizations/:state': {
    path: (integration) => `/integrations/${integration}/authorizations/${states.get(integration) ?? ''}`,
    outcomes: {
      ...STRANGERS,
      // As for a state that doesn't exist: nobody else learns that it does.
      'a session of another user': 'not_found',
      'a session of another organisation': 'not_found',
      'a client of another organisation': 'not_found',
      'a client with all permissions': 'not_found',
      'the owner’s session': 200,
    },
  },
  'GET /connections': {
    path: () => `/connections?${QUERY}`,
    outcomes: { ...forOwner(200), 'a session for other integrations': 200 },
  },
  'GET /integrations': {
    outcomes: { ...forSessions(200), ...allClients(200) },
  },
  'GET /operations/status': {
    outcomes: {
      ...forSessions('forbidden'),
      // Of the process and of nobody: an organisation is no limit to it.
      'a client of another organisation': 200,
      'a client with all permissions': 200,
    },
  },
  'POST /sessions': {
    body: OWNER,
    outcomes: { ...STRANGERS, 'the owner’s session': 'forbidden', 'a client with all permissions': 201 },
  },
  'POST /sessions/activate': {
    body: { session_token: 't'.repeat(43), public_key: browserKey().jwk },
    // Whoever it is: not the holder of that key.
    outcomes: everybody('invalid_signature'),
  },
  'GET /sessions/current': { outcomes: forSessions(200) },
  'DELETE /sessions/current': { outcomes: forSessions(204) },
};

function allClients(outcome: Outcome) {
  return {
    'a client without permissions': outcome,
    'a client of another organisation': outcome,
    'a client with all permissions': outcome,
  };
}

function everybody(outcome: Outcome): Rule['outcomes'] {
  return { ...forSessions(200), ...Object.fromEntries(Object.keys(forSessions(200)).map((who) => [who, outcome])) };
}

const PUBLIC = [
  'GET /docs*',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /integrations/*/oauth2callback',
  'GET /metrics',
  'GET /openapi.json',
  'POST /demo/sessions',
];

const generalised = (route: string) =>
  route.replace(/ \/integrations\/[^/]+/, ' /integrations/*').replace(/ \/docs.*$/, ' /docs*');
const distinct = (routes: readonly string[]) => [...new Set(routes.map(generalised))].sort();
const integrationIn = (route: string) => /\/integrations\/([^/]+)/.exec(route)?.[1] ?? 'notion';

function requestOf(route: string): { method: string; path: string; body: string | undefined } {
  const [method = '', pattern = ''] = route.split(' ');
  const rule = RULES[generalised(route)];
  return {
    method,
    path: rule?.path?.(integrationIn(route)) ?? pattern,
    body: rule?.body === undefined ? undefined : JSON.stringify(rule.body),
  };
}

beforeAll(async () => {
  patchbay = await startPatchbay();
  owner = await newSession(patchbay, OWNER);
  for (const name of integrationNames) {
    const begun = await owner.call('POST', `/integrations/${name}/authorize`, OWNER);
    states.set(name, String(begun.json['state']));
  }
});
afterAll(() => patchbay.close());

describe('Routes', () => {
  it('without a signature are these, and no others', async () => {
    const open: string[] = [];
    for (const route of routesOf(patchbay.application)) {
      const { method, path, body } = requestOf(route);
      const answer = await send(new URL(path, patchbay.url), method, body, { 'content-type': 'application/json' });
      if (answer.status !== 401) open.push(route);
      else expect([route, answer.json['error']]).toEqual([route, 'signature_required']);
    }
    expect(distinct(open)).toEqual(PUBLIC);
  });

  it('each have a rule, and each rule has a route', () => {
    const all = distinct(routesOf(patchbay.application));
    expect(all.filter((route) => !PUBLIC.includes(route))).toEqual(Object.keys(RULES).sort());
  });
});

describe('Who may call', () => {
  it.each(Object.entries(RULES))('%s', async (rule, { outcomes }) => {
    const routes = routesOf(patchbay.application).filter((route) => generalised(route) === rule);
    expect(routes).not.toEqual([]);
    for (const route of routes) {
      const met: Record<string, Outcome> = {};
      for (const [who, make] of Object.entries({ ...OTHERS, ...OURS })) {
        met[who] = await outcomeOf(await make(integrationIn(route), route), route);
      }
      expect({ route, ...met }).toEqual({ route, ...outcomes });
    }
  });
});

async function outcomeOf(caller: SignedCaller, route: string): Promise<Outcome> {
  const { method, path, body } = requestOf(route);
  const { status, json } = await caller.call(method, path, body);
  return status < 300 ? status : String(json['error']);
}
