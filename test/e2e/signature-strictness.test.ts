import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { component } from 'http-message-sig';
import { BODY, changedInput, GuardedConnection, type Row } from '../support/guarded-connection.ts';
import { OWNER } from '../support/patchbay.ts';
import { newNonce, now, signedRequest, withHeader, type RawRequest } from '../support/raw-request.ts';
import { newClient, newEd25519Client, newSession } from '../support/signed-caller.ts';

const ALL = ['@method', '@authority', '@path', '@query', 'content-type', 'content-digest'];
let door: GuardedConnection;

beforeAll(async () => {
  door = await GuardedConnection.start();
});
// Whatever else was expected: nothing happened.
afterEach(() => door.expectUntouched());
afterAll(() => door.close());

describe('What a signature must cover: a request is refused', () => {
  it.each(ALL)('with %s uncovered', async (name) => {
    await door.expectRefused(door.load({ components: ALL.filter((one) => one !== name) }), 'invalid_signature');
  });

  it.each<Row>([
    [
      'with a member of the digest covered in the digest’s place',
      () => door.load({ components: [...ALL.slice(0, 5), component('content-digest', { key: 'sha-256' })] }),
    ],
    ['with a component twice', () => changedInput(door.load(), (input) => input.replace('"@path"', '"@path" "@path"'))],
    ['with a component in capitals', () => changedInput(door.load(), (input) => input.replace('"@path"', '"@PATH"'))],
    [
      'with a component that does not exist',
      () => changedInput(door.load(), (input) => input.replace('"@path"', '"@path" "@paths"')),
    ],
    [
      'with @target-uri in place of its parts',
      () => door.load({ components: ['@method', '@target-uri', 'content-type', 'content-digest'] }),
    ],
    ['with nothing covered', () => door.load({ components: [] })],
  ])('%s', async (_what, request) => {
    await door.expectRefused(await request(), 'invalid_signature');
  });
});

describe('What a signature must say: a request is refused', () => {
  it.each<Row>([
    ['without created', () => door.load({ parameters: { created: undefined } }), 'invalid_signature'],
    [
      'with created a fraction',
      () => changedInput(door.load(), (input) => input.replace(/created=\d+/, '$&.5')),
      'invalid_signature',
    ],
    [
      'with created a decimal',
      () => changedInput(door.load(), (input) => input.replace(/created=\d+/, '$&.0')),
      'invalid_signature',
    ],
    [
      'with created in quotes',
      () => changedInput(door.load(), (input) => input.replace(/created=(\d+)/, 'created="$1"')),
      'invalid_signature',
    ],
    ['created 31 s from now', () => door.load({ parameters: { created: now() + 32 } }), 'signature_expired'],
    ['created 301 s ago', () => door.load({ parameters: { created: now() - 301 } }), 'signature_expired'],
    ['expired', () => door.load({ parameters: { expires: now() - 1 } }), 'signature_expired'],
    ['without a nonce', () => door.load({ parameters: { nonce: undefined } }), 'invalid_signature'],
    ['with a nonce of 15', () => door.load({ parameters: { nonce: 'n'.repeat(15) } }), 'invalid_signature'],
    ['with a nonce of 129', () => door.load({ parameters: { nonce: 'n'.repeat(129) } }), 'invalid_signature'],
    ['without a key id', () => door.load({ parameters: { keyid: undefined } }), 'invalid_signature'],
    ['with the key id of nobody', () => door.load({ parameters: { keyid: `cli_${'x'.repeat(22)}` } }), 'unknown_key'],
    ['with a key id that is none', () => door.load({ parameters: { keyid: '../../etc/passwd' } }), 'unknown_key'],
    [
      'with the key id of a session that is nobody’s',
      () => door.load({ parameters: { keyid: `ses_${'x'.repeat(22)}` } }),
      'unknown_key',
    ],
    [
      'with another’s key id',
      async () => door.load({ parameters: { keyid: (await newClient(door.patchbay)).key.keyId } }),
      'invalid_signature',
    ],
    [
      'with a session’s key id',
      async () => door.load({ parameters: { keyid: (await newSession(door.patchbay, OWNER)).key.keyId } }),
      'invalid_signature',
    ],
    [
      'with an Ed25519 client’s key id',
      async () => door.load({ parameters: { keyid: (await newEd25519Client(door.patchbay)).key.keyId } }),
      'invalid_signature',
    ],
    [
      'with an algorithm that isn’t the key’s',
      () => changedInput(door.load(), (input) => `${input};alg="ed25519"`),
      'invalid_signature',
    ],
    [
      'with an algorithm that isn’t one',
      () => changedInput(door.load(), (input) => `${input};alg="none"`),
      'invalid_signature',
    ],
    [
      'with a parameter twice',
      () => changedInput(door.load(), (input) => input.replace(/;nonce/, ';created=1$&')),
      'invalid_signature',
    ],
  ])('%s', async (_what, request, code = '') => {
    await door.expectRefused(await request(), code);
  });
});

describe('What holds is served:', () => {
  afterEach(() => door.forget());

  it('a chunked body, whose digest is of the bytes without their framing', async () => {
    const body = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
    const unknownConnection = { ...withHeader(door.load(), 'transfer-encoding', 'chunked'), body };
    expect((await door.send(unknownConnection)).status).toBe(200);
    await door.forget();
  });

  it('a cookie in another alphabet beside the signature', async () => {
    const request = signedRequest(door.client.key, { method: 'GET', url: new URL('/integrations', door.patchbay.url) });
    expect((await door.send(withHeader(request, 'cookie', 'name=caf\xe9'))).status).toBe(200);
  });

  it.each(['GET', 'POST'])('a %s signed as its refusal said it should be', async (method) => {
    const url = new URL(method === 'GET' ? '/integrations' : '/sessions', door.patchbay.url);
    const unsigned: RawRequest = {
      method,
      target: url.pathname,
      headers: [['host', url.host], ...(method === 'GET' ? [] : [['content-type', 'application/json'] as const])],
      body: method === 'GET' ? '' : BODY,
    };
    const refused = await door.send(unsigned);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Signature']);
    const wanted = /^(\w+)=\((.*)\)((?:;\w+)*)$/.exec(refused.headers.get('accept-signature') ?? '');
    const [, label = '', components = '', parameters = ''] = wanted ?? [];
    const own: Record<string, string | number> = { created: now(), keyid: door.client.key.keyId, nonce: newNonce() };
    const names = parameters.split(';').slice(1);
    const request = signedRequest(door.client.key, {
      method,
      url,
      label,
      ...(method === 'GET' ? {} : { body: BODY }),
      components: components.split(' ').map((name) => JSON.parse(name) as string),
      // Those that aren't named are left out.
      parameters: {
        created: undefined,
        keyid: undefined,
        nonce: undefined,
        ...Object.fromEntries(names.map((name) => [name, own[name]])),
      },
    });
    expect((await door.send(request)).status).toBe(method === 'GET' ? 200 : 201);
  });
});
