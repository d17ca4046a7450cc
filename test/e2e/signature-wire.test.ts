import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { BODY, changedInput, GuardedConnection, type Row } from '../support/guarded-connection.ts';
import { headerOf, signedRequest, withHeader, type RawRequest } from '../support/raw-request.ts';
import { contentDigest } from '../support/request-signer.ts';

const EMPTY_DIGEST = contentDigest(Buffer.alloc(0));
let door: GuardedConnection;

beforeAll(async () => {
  door = await GuardedConnection.start();
});
// Whatever else was expected: nothing happened.
afterEach(() => door.expectUntouched());
afterAll(() => door.close());

describe('What is signed is what comes: a request is refused', () => {
  it.each<Row>([
    [
      'with another method',
      () => ({ ...door.disconnect(), method: 'POST', target: '/integrations/notion/credentials' }),
    ],
    [
      'with GET for HEAD',
      () => ({
        ...door.disconnect({ method: 'HEAD', url: door.url('/connections?user_id=ann&org_id=acme') }),
        method: 'GET',
      }),
    ],
    ['with another path', () => ({ ...door.load(), target: '/integrations/notion/credentials' })],
    ['with the path in other letters', () => ({ ...door.load(), target: '/integrations/notion/LOAD' })],
    ['with a slash more', () => ({ ...door.load(), target: '/integrations/notion/load/' })],
    ['with a query more', () => ({ ...door.load(), target: '/integrations/notion/load?a=b' })],
    [
      'with another query',
      () => ({ ...door.disconnect(), target: '/integrations/notion/credentials?user_id=bob&org_id=acme' }),
    ],
    [
      'with the query in another order',
      () => ({ ...door.disconnect(), target: '/integrations/notion/credentials?org_id=acme&user_id=ann' }),
    ],
    ['with another body', () => ({ ...door.load(), body: BODY.replace('ann', 'bob') })],
    [
      'with a body in place of none',
      () => withHeader({ ...door.disconnect(), body: BODY }, 'content-type', 'application/json'),
    ],
    ['with no body in place of one', () => ({ ...door.load(), body: '' })],
    [
      'with the digest of another body',
      () => door.load({ fields: { 'content-digest': contentDigest(Buffer.from('{}')) } }),
    ],
    ['with the digest of no body', () => door.load({ fields: { 'content-digest': EMPTY_DIGEST } })],
    [
      'with the digest of a body, and none',
      () => door.disconnect({ fields: { 'content-digest': contentDigest(Buffer.from(BODY)) } }),
    ],
    [
      'with an MD5 for a digest',
      () => door.load({ fields: { 'content-digest': `md5=:${createHash('md5').update(BODY).digest('base64')}:` } }),
    ],
    [
      'with two digests of which one is wrong',
      () =>
        door.load({
          fields: {
            'content-digest': `${contentDigest(Buffer.from(BODY))}, sha-512=:${Buffer.alloc(64).toString('base64')}:`,
          },
        }),
    ],
    ['with another content type', () => withHeader(door.load(), 'content-type', 'application/x-www-form-urlencoded')],
    ['without the content type', () => withHeader(door.load(), 'content-type')],
    ['with the authority of another origin of ours', () => withHeader(door.load(), 'host', 'localhost:9443')],
    [
      'signed for another origin of ours',
      () =>
        withHeader(
          door.load({ url: new URL('https://localhost:9443/integrations/notion/load') }),
          'host',
          new URL(door.patchbay.url).host,
        ),
    ],
    [
      'signed for another host that X-Forwarded-Host names',
      () =>
        withHeader(
          withHeader(
            door.load({ url: new URL('https://localhost:9443/integrations/notion/load') }),
            'host',
            new URL(door.patchbay.url).host,
          ),
          'x-forwarded-host',
          'localhost:9443',
        ),
    ],
    ['signed for another name of the same host', () => withHeader(door.load(), 'host', `127.0.0.1:${door.port}`)],
  ])('%s', async (_what, request) => {
    await door.expectRefused(await request(), 'invalid_signature');
  });

  it('while X-Forwarded-Host, which anybody can send, changes nothing', async () => {
    const request = signedRequest(door.client.key, { method: 'GET', url: door.url('/integrations') });
    expect((await door.send(withHeader(request, 'x-forwarded-host', 'evil.example'))).status).toBe(200);
  });
});

describe('What two could read differently: a request is refused', () => {
  it.each<Row>([
    ...['/integrations/notion/../notion/load', '/integrations/./notion/load', '/integrations/%2e%2e/connections'].map(
      (target): Row => [`with the path ${target}`, () => ({ ...door.load(), target })],
    ),
    ...['host', 'content-type', 'content-digest', 'signature', 'signature-input'].map((name): Row => [
      `with ${name} twice`,
      () => twice(door.load(), name),
    ]),
    ['with authorization twice', () => withHeader(door.load(), 'authorization', 'a', 'b')],
    [
      'with two content types of which the first was signed',
      () => {
        const request = door.load();
        return withHeader(request, 'content-type', headerOf(request, 'content-type'), 'text/plain');
      },
    ],
    [
      'with an absolute target',
      () => {
        const request = door.load();
        return { ...request, target: new URL(request.target, door.patchbay.url).href };
      },
    ],
    [
      'with an absolute target elsewhere',
      () => ({ ...door.load(), target: 'http://evil.example/integrations/notion/load' }),
    ],
  ])('%s', async (_what, request) => {
    const answer = await door.send(await request());
    // Dot segments may not match any route, repeats may already be refused by the HTTP parser: never are they served.
    expect([400, 401, 404]).toContain(answer.status);
    expect(answer.json['error']).not.toBe('internal_error');
  });

  it.each(['/integrations/notion/../notion/load', '/integrations/notion/%2e%2e/notion/load'])(
    'signed for the path it resolves to: %s',
    async (target) => {
      // A verifier that resolves before it compares takes this one.
      const answer = await door.send({ ...door.load(), target });
      expect([400, 401, 404]).toContain(answer.status);
    },
  );

  it.each<[string, () => RawRequest, number]>([
    ['compressed', () => compressed(), 415],
    ['of a type nobody knows', () => door.load({ fields: { 'content-type': 'application/unknown' } }), 415],
    [
      'of a type nobody knows, unsigned',
      () => ({ ...withHeader(withHeader(door.load(), 'signature'), 'signature-input') }),
      401,
    ],
    [
      'compressed after it was signed',
      () => withHeader({ ...door.load(), body: gzipSync(BODY) }, 'content-encoding', 'gzip'),
      415,
    ],
  ])('with a body %s', async (_what, request, status) => {
    expect((await door.send(request())).status).toBe(status);
  });

  it('with a host that isn’t ours', async () => {
    expect((await door.send(withHeader(door.load(), 'host', 'evil.example'))).status).toBe(403);
  });
});

describe('The signature itself: a request is refused', () => {
  it.each<Row>([
    ['without any', () => withHeader(withHeader(door.load(), 'signature'), 'signature-input'), 'signature_required'],
    ['with its input alone', () => withHeader(door.load(), 'signature'), 'invalid_signature'],
    ['without its input', () => withHeader(door.load(), 'signature-input'), 'invalid_signature'],
    [
      'of zeros',
      () => withHeader(door.load(), 'signature', `sig1=:${Buffer.alloc(32).toString('base64')}:`),
      'invalid_signature',
    ],
    ['that is empty', () => withHeader(door.load(), 'signature', 'sig1=::'), 'invalid_signature'],
    ['that is no base64', () => withHeader(door.load(), 'signature', 'sig1=:***:'), 'invalid_signature'],
    [
      'under another label',
      () => {
        const request = door.load();
        return withHeader(request, 'signature', headerOf(request, 'signature').replace('sig1', 'sig2'));
      },
      'invalid_signature',
    ],
    ['with a second that does not hold', () => withSecond(door.load()), 'invalid_signature'],
    [
      'with an input of 200 components',
      () =>
        changedInput(door.load(), (input) =>
          input.replace('"@path"', `"@path" ${Array.from({ length: 200 }, (_, at) => `"x-${at}"`).join(' ')}`),
        ),
      'invalid_signature',
    ],
    [
      'with an input of 12 KB',
      () => changedInput(door.load(), (input) => `${input};tag="${'t'.repeat(12_000)}"`),
      'invalid_signature',
    ],
    ['with an input that is none', () => changedInput(door.load(), () => 'sig1=("@method'), 'invalid_signature'],
  ])('%s', async (_what, request, code = '') => {
    await door.expectRefused(await request(), code);
  });

  it('with an input beyond all measure', async () => {
    const answer = await door.send(changedInput(door.load(), (input) => `${input};tag="${'t'.repeat(40_000)}"`));
    expect(answer.status).toBe(431);
  });
});

function twice(request: RawRequest, name: string): RawRequest {
  const value = headerOf(request, name);
  return withHeader(request, name, value, value);
}

function withSecond(request: RawRequest): RawRequest {
  const input = headerOf(request, 'signature-input');
  const both = changedInput(request, () => `${input}, ${input.replace('sig1', 'sig2')}`);
  const second = `sig2=:${Buffer.alloc(32).toString('base64')}:`;
  return withHeader(both, 'signature', `${headerOf(request, 'signature')}, ${second}`);
}

/** Signed over the bytes as they are sent. */
function compressed(): RawRequest {
  const body = gzipSync(BODY);
  return { ...door.load({ fields: { 'content-digest': contentDigest(body), 'content-encoding': 'gzip' } }), body };
}
