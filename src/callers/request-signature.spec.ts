import { describe, expect, it } from '@jest/globals';
import { component, type SignatureComponent } from 'http-message-sig';
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { PatchbayError } from '../errors/patchbay-error.ts';
import {
  COVERED,
  fieldOf,
  KEY,
  NONCE,
  SIGNED_AT,
  SIGNER,
  signedWire,
  withFields,
  type WireOptions,
} from './fixtures/signed-wire.ts';
import { acceptSignature, verifyRequest } from './request-signature.ts';
import { ed25519Key } from './verification-key.ts';
import type { WireRequest } from './wire-request.ts';

const KNOWN = () => Promise.resolve(KEY);
const verified = (wire: WireRequest, secondsLater = 0, find = KNOWN) =>
  verifyRequest(wire, find, (SIGNED_AT + secondsLater) * 1000);
const refusedWith = (code: string) => expect.objectContaining({ constructor: PatchbayError, code });
const BODY = '{"user_id":"ann"}';

describe('A signature holds', () => {
  it.each<[string, WireOptions]>([
    ['without a body', {}],
    ['with a body', { body: BODY }],
    ['without a query', { target: '/connections' }],
    ['with an empty query', { target: '/connections?' }],
    ['with its own algorithm named', { parameters: { alg: 'hmac-sha256' } }],
    ['with a tag and a time to expire', { parameters: { tag: 'mine', expires: SIGNED_AT + 60 } }],
    ['with a nonce of 16 characters', { parameters: { nonce: 'n'.repeat(16) } }],
    ['with a nonce of 128 characters', { parameters: { nonce: 'n'.repeat(128) } }],
    ['with a nonce that reads like a decimal time', { parameters: { nonce: ';created=1.5;created=2.5' } }],
    ['with more covered than it must', { components: [...COVERED, '@scheme', 'x-more'], fields: { 'x-more': 'yes' } }],
    [
      'with the digest’s member covered beside the digest',
      {
        body: BODY,
        components: [...COVERED, 'content-type', 'content-digest', component('content-digest', { key: 'sha-256' })],
      },
    ],
    [
      'with the digest of the empty body',
      { fields: { 'content-digest': 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:' } },
    ],
  ])('%s', async (_what, options) => {
    const nonce = options.parameters?.nonce ?? NONCE;
    await expect(verified(signedWire(options))).resolves.toMatchObject({ keyId: 'cli_1', nonce });
  });

  it.each([-30, 0, 300])('%d s after it was made', async (seconds) => {
    await expect(verified(signedWire(), seconds)).resolves.toBeDefined();
  });
});

describe('A signature is too old or too young', () => {
  it.each<[string, number, WireOptions]>([
    ['301 s after it was made', 301, {}],
    ['31 s before it was made', -31, {}],
    ['the second after it expires', 11, { parameters: { expires: SIGNED_AT + 10 } }],
    ['when it expired before it was made', 0, { parameters: { expires: SIGNED_AT - 1 } }],
    ['made at the beginning of time', 0, { parameters: { created: 0 } }],
    ['made before that', 0, { parameters: { created: -1 } }],
    ['made at the end of time', 0, { parameters: { created: 999_999_999_999_999 } }],
  ])('%s', async (_what, seconds, options) => {
    await expect(verified(signedWire(options), seconds)).rejects.toEqual(refusedWith('signature_expired'));
  });

  it('which is told only to whoever holds the key', async () => {
    const forged = signedWire({ signer: { algorithm: 'hmac-sha256', sign: () => Buffer.alloc(32) } });
    await expect(verified(forged, 1000)).rejects.toEqual(refusedWith('invalid_signature'));
  });
});

describe('A signature is refused', () => {
  const all: readonly string[] = [...COVERED, 'content-type', 'content-digest'];

  it.each(all)('when it leaves %s uncovered', async (name) => {
    const wire = signedWire({ body: BODY, components: all.filter((one) => one !== name) });
    await expect(verified(wire)).rejects.toEqual(refusedWith('invalid_signature'));
  });

  it.each<[string, readonly SignatureComponent[]]>([
    ['a member of the digest', [...COVERED, 'content-type', component('content-digest', { key: 'sha-256' })]],
    ['the request target alone', ['@target-uri', 'content-type', 'content-digest']],
    ['nothing', []],
  ])('when it covers %s', async (_what, components) => {
    await expect(verified(signedWire({ body: BODY, components }))).rejects.toEqual(refusedWith('invalid_signature'));
  });

  it.each(['created', 'keyid', 'nonce'])('when it has no %s', async (name) => {
    const wire = signedWire({ parameters: { [name]: undefined } });
    await expect(verified(wire)).rejects.toEqual(refusedWith('invalid_signature'));
  });

  it.each(['n'.repeat(15), 'n'.repeat(129), ''])('when its nonce is %j', async (nonce) => {
    await expect(verified(signedWire({ parameters: { nonce } }))).rejects.toEqual(refusedWith('invalid_signature'));
  });

  it.each<[string, (input: string) => string]>([
    ['a decimal time', (input) => input.replace(/created=\d+/, '$&.0')],
    ['a decimal time after a space', (input) => input.replace(/;created=\d+/, '; created=1767225600.00')],
    ['a time with a fraction', (input) => input.replace(/created=\d+/, '$&.5')],
    ['a time in quotes', (input) => input.replace(/created=(\d+)/, 'created="$1"')],
    ['a time that is true', (input) => input.replace(/created=\d+/, 'created')],
    ['two times', (input) => input.replace(/created=\d+/, '$&;$&')],
    ['a nonce that is a token', (input) => input.replace(/nonce="[^"]*"/, 'nonce=abcdefghijklmnopqrst')],
    ['an unknown algorithm', (input) => `${input};alg="none"`],
    ['another algorithm', (input) => `${input};alg="ed25519"`],
    ['a component twice', (input) => input.replace('"@path"', '"@path" "@path"')],
    ['a component in capitals', (input) => input.replace('"@path"', '"@Path"')],
    ['a component that there is not', (input) => input.replace('"@path"', '"@path" "@made-up"')],
    ['a header that there is not', (input) => input.replace('"@path"', '"@path" "x-absent"')],
    ['@status, which requests have not', (input) => input.replace('"@path"', '"@path" "@status"')],
    ['another label', (input) => input.replace('sig1=', 'sig2=')],
    ['no list', () => 'sig1=1'],
    ['no dictionary', () => '((('],
    ['nothing', () => ''],
  ])('when its input has %s', async (_what, change) => {
    // Signed anew over the changed input wherever that can be done, so that it is the rule that refuses it.
    const wire = signedWire();
    const input = change(fieldOf(wire, 'signature-input'));
    for (const signature of [fieldOf(wire, 'signature'), signedOver(wire, input)]) {
      const changed = withFields(wire, { 'signature-input': input, signature });
      await expect(verified(changed)).rejects.toEqual(refusedWith('invalid_signature'));
    }
  });

  it('when a decimal time stands for the whole one that was signed', async () => {
    // Parsed and written anew both are the same text: the signature would hold.
    const wire = signedWire();
    const input = fieldOf(wire, 'signature-input').replace(/created=\d+/, '$&.0');
    await expect(verified(withFields(wire, { 'signature-input': input }))).rejects.toEqual(
      refusedWith('invalid_signature'),
    );
  });

  it.each<[string, (wire: WireRequest) => WireRequest]>([
    ['a second one that does not hold', (wire) => beside(wire, 'sig2', Buffer.alloc(32))],
    [
      'a second one that holds',
      (wire) => beside(wire, 'sig2', Buffer.from(fieldOf(wire, 'signature').slice(6, -1), 'base64')),
    ],
    [
      'one more signature without input',
      (wire) => withFields(wire, { signature: `${fieldOf(wire, 'signature')}, b=:AA==:` }),
    ],
    ['no signature for the input', (wire) => withFields(wire, { signature: undefined })],
    ['no input for the signature', (wire) => withFields(wire, { 'signature-input': undefined })],
    ['text that is no base64', (wire) => withFields(wire, { signature: 'sig1=:%%%:' })],
    ['half a signature', (wire) => withFields(wire, { signature: `sig1=:${Buffer.alloc(16).toString('base64')}:` })],
    ['a signature in quotes', (wire) => withFields(wire, { signature: 'sig1="abcd"' })],
    ['a signature with parameters', (wire) => withFields(wire, { signature: `${fieldOf(wire, 'signature')};a=1` })],
  ])('with %s', async (_what, change) => {
    await expect(verified(change(signedWire()))).rejects.toEqual(refusedWith('invalid_signature'));
  });

  it.each<[string, Partial<WireRequest['descriptor']>]>([
    ['method', { method: 'DELETE' }],
    ['path', { targetUri: 'https://patchbay.example/other?user_id=ann' }],
    ['case of the path', { targetUri: 'https://patchbay.example/Connections?user_id=ann' }],
    ['spelling of the path', { targetUri: 'https://patchbay.example/%63onnections?user_id=ann' }],
    ['query', { targetUri: 'https://patchbay.example/connections?user_id=bob' }],
    ['end of the query', { targetUri: 'https://patchbay.example/connections?user_id=ann&' }],
    ['authority', { targetUri: 'https://other.example/connections?user_id=ann' }],
    ['port', { targetUri: 'https://patchbay.example:8443/connections?user_id=ann' }],
  ])('when the %s was altered', async (_what, change) => {
    const wire = signedWire();
    const altered = { ...wire, descriptor: { ...wire.descriptor, ...change } };
    await expect(verified(altered)).rejects.toEqual(refusedWith('invalid_signature'));
  });

  it.each<[string, WireRequest]>([
    ['other bytes', { ...signedWire({ body: BODY }), body: Buffer.from(`${BODY} `) }],
    ['no bytes', { ...signedWire({ body: BODY }), body: Buffer.alloc(0) }],
    ['bytes where there were none', { ...signedWire(), body: Buffer.from(BODY) }],
    [
      'bytes beside the digest of none',
      signedWire({
        body: BODY,
        fields: { 'content-digest': 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:' },
      }),
    ],
    [
      'an MD5 alone',
      signedWire({
        body: BODY,
        fields: { 'content-digest': `md5=:${createHash('md5').update(BODY).digest('base64')}:` },
      }),
    ],
    [
      'another content type',
      withFields(signedWire({ body: BODY }), { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
  ])('when the body has %s', async (_what, wire) => {
    await expect(verified(wire)).rejects.toEqual(refusedWith('invalid_signature'));
  });

  it('when no key of that id is known', async () => {
    await expect(verified(signedWire(), 0, () => Promise.resolve(undefined as never))).rejects.toEqual(
      refusedWith('unknown_key'),
    );
  });

  it('when there is none', async () => {
    const bare = withFields(signedWire(), { signature: undefined, 'signature-input': undefined });
    await expect(verified(bare)).rejects.toEqual(refusedWith('signature_required'));
  });

  it('with the reason why the key could not be looked up, when it could not', async () => {
    const down = new PatchbayError('storage_unavailable', 'The store is down.');
    await expect(verified(signedWire(), 0, () => Promise.reject(down))).rejects.toBe(down);
  });
});

describe('A key has one algorithm:', () => {
  const pair = generateKeyPairSync('ed25519');
  const ed25519 = ed25519Key(pair.publicKey);
  const asSecret = pair.publicKey.export({ type: 'spki', format: 'pem' });

  it.each([{ alg: 'hmac-sha256' }, {}])('a public key is no shared secret, with %j', async (parameters) => {
    for (const secret of [asSecret, pair.publicKey.export({ type: 'spki', format: 'der' })]) {
      const wire = signedWire({
        parameters,
        signer: { algorithm: 'hmac-sha256', sign: (data) => createHmac('sha256', secret).update(data).digest() },
      });
      await expect(verified(wire, 0, () => Promise.resolve(ed25519))).rejects.toEqual(refusedWith('invalid_signature'));
    }
  });

  it.each([{ alg: 'ed25519' }, {}])('a shared secret is no public key, with %j', async (parameters) => {
    const signer = { algorithm: 'ed25519', sign: (data: Uint8Array) => sign(null, data, pair.privateKey) };
    await expect(verified(signedWire({ parameters, signer }))).rejects.toEqual(refusedWith('invalid_signature'));
  });
});

it('What is wanted is told: the body’s fields only where there is a body', () => {
  expect(acceptSignature(false)).toBe('sig1=("@method" "@authority" "@path" "@query");created;keyid;nonce');
  expect(acceptSignature(true)).toContain('"content-digest" "content-type");');
});

/** The signature over the base as it would be with this input (RFC 9421 §2.5). */
function signedOver(wire: WireRequest, input: string): string {
  const { pathname, search } = new URL(wire.descriptor.targetUri);
  const values: Record<string, string> = {
    '@method': 'POST',
    '@authority': 'patchbay.example',
    '@path': pathname,
    '@query': search,
  };
  const parameters = input.replace(/^[^=]*=/, '');
  const names = [...(/\(([^)]*)\)/.exec(parameters)?.[1] ?? '').matchAll(/"([^"]*)"/g)].map(([, name = '']) => name);
  const lines = names.map((name) => `"${name}": ${values[name.toLowerCase()] ?? ''}`);
  const base = [...lines, `"@signature-params": ${parameters}`].join('\n');
  return `sig1=:${Buffer.from(SIGNER.sign(Buffer.from(base))).toString('base64')}:`;
}

function beside(wire: WireRequest, label: string, signature: Buffer): WireRequest {
  const input = fieldOf(wire, 'signature-input');
  return withFields(wire, {
    'signature-input': `${input}, ${input.replace('sig1=', `${label}=`)}`,
    signature: `${fieldOf(wire, 'signature')}, ${label}=:${signature.toString('base64')}:`,
  });
}
