import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { ERROR_CODES, STATUS_BY_ERROR_CODE } from '../../src/errors/error-code.ts';
import { RequestGate } from '../../src/process/request-gate.ts';
import { AnswerValidator, readDocument, UndocumentedAnswer } from '../support/answer-validator.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { newClient } from '../support/signed-caller.ts';

type Json = Record<string, unknown>;

const document = readDocument();
let patchbay: RunningPatchbay;

beforeAll(async () => {
  patchbay = await startPatchbay();
});
afterAll(() => patchbay.close());

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);

/** Every member of that name anywhere below a node, with where it is. */
function* found(node: unknown, name: string, at = '#'): Generator<{ at: string; holder: Json; value: unknown }> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === name) yield { at, holder: node as Json, value };
    yield* found(value, name, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

describe('The OpenAPI document', () => {
  it('is served to everybody, and is the one in docs', async () => {
    const answer = await patchbay.newBrowser().unsigned('GET', '/openapi.json');
    expect(answer.status).toBe(200);
    const served = answer.text.replaceAll(patchbay.url, 'http://localhost:8000');
    expect(JSON.parse(served)).toEqual(document);
  });

  it('describes every route there is, and no other', () => {
    const { router } = patchbay.application.getHttpAdapter().getInstance() as unknown as {
      router: { stack: RouteLayer[] };
    };
    const routes = router.stack.flatMap(({ route }) => {
      if (route === undefined || /^\/docs|\*/.test(route.path)) return [];
      const path = route.path.replace(/:(\w+)/g, '{$1}');
      return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${path}`);
    });
    expect(operations.map(({ name }) => name).sort()).toEqual([...new Set(routes)].sort());
  });

  it('asks for a signature everywhere but where the contract lets anybody in', () => {
    const isPublic = ({ operation }: (typeof operations)[number]) => (operation['security'] as unknown[]).length === 0;
    const names = operations.filter(isPublic).map(({ name }) => name.replace(/airtable|notion|hubspot|slack/, '*'));
    expect([...new Set(names)].sort()).toEqual([
      'GET /health',
      'GET /health/live',
      'GET /health/ready',
      'GET /integrations/*/oauth2callback',
      'GET /metrics',
      'GET /openapi.json',
      'POST /demo/sessions',
    ]);
  });

  it.each(operations.filter(({ operation }) => (operation['security'] as unknown[]).length > 0))(
    'tells of $name that it refuses the unsigned, the unwelcome and the hasty, and what else may go wrong',
    ({ operation }) => {
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['400', '401', '403', '405', '413', '415', '429', '500', '503']),
      );
    },
  );

  it('has every error code once in a table, with its status', () => {
    const { description } = document['info'] as { description: string };
    for (const code of ERROR_CODES) {
      expect(description.split(`| \`${code}\` | ${STATUS_BY_ERROR_CODE[code]} |`)).toHaveLength(2);
    }
  });

  it('has an example for every body', () => {
    const bare = [...found({ paths: document.paths, components: document.components }, 'content')].flatMap(
      ({ at, value }) =>
        Object.entries(value as Record<string, Json>)
          .filter(([, media]) => media['example'] === undefined && media['examples'] === undefined)
          .map(([type]) => `${at} ${type}`),
    );
    expect(bare).toEqual([]);
  });

  it('has examples that its own schemas accept', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    ajv.addSchema({ $id: 'openapi', ...document });
    const wrong = [...found(document, 'example')].flatMap(({ at, holder, value }) => {
      const schema = (holder['schema'] as Json | undefined) === undefined ? at : `${at}/schema`;
      const ref = `openapi${schema.split('/').map(encodeURIComponent).join('/').replace('%23', '#')}`;
      return ajv.compile({ $ref: ref })(value) ? [] : [`${at}: ${ajv.errorsText()}`];
    });
    expect(wrong).toEqual([]);
    const envelope = ajv.compile({ $ref: 'openapi#/components/schemas/ErrorEnvelope' });
    const examples = Object.entries(document.components.examples);
    expect(examples.filter(([, { value }]) => !envelope(value))).toEqual([]);
  });
});

interface RouteLayer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
}

describe('Answers of the suites are held against the document:', () => {
  const validator = new AnswerValidator();
  const headers = (more: Record<string, string> = {}) =>
    new Headers({ 'x-request-id': 'abcdefgh', 'content-type': 'application/json', ...more });
  const refusal = (error: string, more: Json = {}) =>
    JSON.stringify({ error, message: 'No.', details: { request_id: 'abcdefgh' }, ...more });
  const integration = { ...{ integration: 'notion', display_name: 'Notion', status: 'available', sandbox: true } };
  const listed = { ...integration, item_types: [], default_item_types: [], scopes: [] };
  const ASKED = { method: 'GET', path: '/integrations', status: 200, headers: headers() };
  const ok = { ...ASKED, text: JSON.stringify({ integrations: [listed] }) };
  const unauthorized = headers({ 'www-authenticate': 'Signature', 'accept-signature': 'sig1=()' });

  it.each([
    ['a described answer', ok],
    ['a refusal', { ...ok, status: 401, headers: unauthorized, text: refusal('invalid_signature') }],
    ['a file of the page', { ...ok, path: '/assets/index.js', text: '{' }],
    ['a refusal at a path that is not there', { ...ok, path: '/nowhere', status: 404, text: refusal('not_found') }],
  ])('%s passes', (_what, answer) => {
    expect(() => validator.check(answer)).not.toThrow();
  });

  it.each([
    ['a status that is not described', { ...ok, status: 202 }],
    ['an answer without its request id', { ...ok, headers: new Headers({ 'content-type': 'application/json' }) }],
    ['a body of another type', { ...ok, headers: headers({ 'content-type': 'text/plain' }) }],
    ['a body that is not what it says', { ...ok, text: '{' }],
    ['a member missing', { ...ok, text: JSON.stringify({ integrations: [integration] }) }],
    ['a member nobody described', { ...ok, text: JSON.stringify({ integrations: [{ ...listed, token: 'x' }] }) }],
    ['a 401 that does not say how to sign', { ...ok, status: 401, text: refusal('invalid_signature') }],
    ['an error code of another status', { ...ok, status: 403, text: refusal('not_found') }],
    ['a refusal outside the envelope', { ...ok, path: '/nowhere', status: 404, text: '{"error":"not_found"}' }],
    ['more than the envelope', { ...ok, path: '/x', status: 404, text: refusal('not_found', { stack: 'at x' }) }],
  ])('%s fails', (_what, answer) => {
    expect(() => validator.check(answer)).toThrow(UndocumentedAnswer);
  });
});

describe('What is described is so:', () => {
  it('a HEAD answers as the GET, without a body', async () => {
    const client = await newClient(patchbay);
    const answer = await client.call('HEAD', '/integrations');
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  it('a form says what JSON says', async () => {
    const client = await newClient(patchbay);
    const form = 'user_id=ann&org_id=acme&integrations=notion&integrations=slack';
    const answer = await client.call('POST', '/sessions', form, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer.status).toBe(201);
  });

  // It was once taken for a defect and answered 500.
  it.each(['/health', '/health/ready'])('%s says 503 in terminus’ own shape while the process drains', async (path) => {
    await patchbay.application.get(RequestGate, { strict: false }).drain(0);
    const answer = await patchbay.newBrowser().unsigned('GET', path);
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({ status: 'error', error: { accepting: { status: 'down' } } });
    await patchbay.restart();
  });
});
