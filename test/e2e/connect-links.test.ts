import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BAD_RETURN_URLS } from '../support/bad-return-urls.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { browserKey } from '../support/request-signer.ts';
import { newClient, SignedCaller } from '../support/signed-caller.ts';

let patchbay: RunningPatchbay;
let backend: SignedCaller;

beforeAll(async () => {
  patchbay = await startPatchbay();
  backend = await newClient(patchbay, { permissions: ['sessions:create'] });
});
afterAll(() => patchbay.close());

const activated = async (session_token: unknown) => {
  const { signer, jwk } = browserKey();
  const holder = new SignedCaller(patchbay.url, { keyId: 'mine', signer });
  const session = await holder.call('POST', '/sessions/activate', { session_token, public_key: jwk });
  const caller = new SignedCaller(patchbay.url, { keyId: String(session.json['session_id']), signer });
  return { session, current: await caller.call('GET', '/sessions/current') };
};

describe('A connect link', () => {
  it('leads to a page that may be framed, with its token where no server sees it', async () => {
    const { json } = await backend.call('POST', '/sessions', OWNER);
    expect(json['connect_url']).toBe(`${patchbay.url}/connect#session=${String(json['session_token'])}`);
    const elsewhere = await backend.call('POST', '/sessions', { ...OWNER, origin: 'http://localhost:3000' });
    expect(elsewhere.json['connect_url']).toMatch(/^http:\/\/localhost:3000\/connect#session=[\w-]{43}$/);
  });

  it('keeps the return_url for the session that it opens', async () => {
    const return_url = 'http://localhost:3000/settings?tab=2';
    const { json } = await backend.call('POST', '/sessions', { ...OWNER, return_url });
    const { session, current } = await activated(json['session_token']);
    expect([session.json['return_url'], current.json['return_url']]).toEqual([return_url, return_url]);
  });

  it('leads back to nowhere when nobody said where', async () => {
    const { json } = await backend.call('POST', '/sessions', OWNER);
    const { session, current } = await activated(json['session_token']);
    expect([session.json['return_url'], current.json['return_url']]).toEqual([null, null]);
  });

  it.each(BAD_RETURN_URLS)('is not made with the way back %j', async (return_url) => {
    const { status, json } = await backend.call('POST', '/sessions', { ...OWNER, return_url });
    expect([status, json['error']]).toEqual([400, 'invalid_request']);
    const { fields } = json['details'] as { fields: { field: string }[] };
    expect(fields.map(({ field }) => field)).toEqual(['return_url']);
  });
});
