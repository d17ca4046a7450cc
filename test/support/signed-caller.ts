import { generateKeyPairSync } from 'node:crypto';
import { ApiClients, type NewApiClient } from '../../src/callers/api-clients.ts';
import { PERMISSIONS, type SessionPermission } from '../../src/callers/caller.ts';
import { checkAnswer, IS_JSON } from './answer-validator.ts';
import type { Answer } from './http-browser.ts';
import type { RunningPatchbay } from './patchbay.ts';
import { browserKey, ed25519Signer, hmacSigner, signatureHeaders, type RequestKey } from './request-signer.ts';

/** Someone with one key, who signs every call with it and keeps no cookies. */
export class SignedCaller {
  readonly key: RequestKey;
  readonly #url: string;

  constructor(url: string, key: RequestKey) {
    this.#url = url;
    this.key = key;
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const url = new URL(path, this.#url);
    const contentType = headers['content-type'] ?? 'application/json';
    const request = { method, url, contentType, ...(text === undefined ? {} : { body: text }) };
    return send(url, method, text, { ...headers, ...signatureHeaders(this.key, request) });
  }
}

export async function send(
  url: URL,
  method: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(url, { method, redirect: 'manual', headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  checkAnswer({ method, path: url.pathname, status: response.status, headers: response.headers, text });
  const isJson = IS_JSON.test(response.headers.get('content-type') ?? '');
  const json = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, text, json };
}

/** A backend with a shared secret, allowed everything everywhere unless told otherwise. */
export async function newClient(patchbay: RunningPatchbay, asked: Partial<NewApiClient> = {}): Promise<SignedCaller> {
  const { client, secret } = await clientsOf(patchbay).create({
    name: 'a backend',
    permissions: PERMISSIONS,
    orgs: '*',
    ...asked,
  });
  if (secret === undefined) throw new Error('This client has no secret.');
  return new SignedCaller(patchbay.url, { keyId: client.clientId, signer: hmacSigner(secret.reveal()) });
}

/** A backend with an Ed25519 key. */
export async function newEd25519Client(patchbay: RunningPatchbay): Promise<SignedCaller> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { client } = await clientsOf(patchbay).create({
    name: 'a backend with a key of its own',
    permissions: PERMISSIONS,
    orgs: '*',
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  });
  return new SignedCaller(patchbay.url, { keyId: client.clientId, signer: ed25519Signer(privateKey) });
}

export interface SessionFor {
  readonly user_id: string;
  readonly org_id: string;
  readonly integrations?: readonly string[];
  readonly permissions?: readonly SessionPermission[];
}

/** A browser's session, made the way a product does: its backend asks for it, the browser activates it. */
export async function newSession(patchbay: RunningPatchbay, asked: SessionFor): Promise<SignedCaller> {
  const backend = await newClient(patchbay, { permissions: ['sessions:create', ...(asked.permissions ?? [])] });
  const issued = await backend.call('POST', '/sessions', asked);
  if (issued.status !== 201) throw new Error(`sessions answered ${issued.status}: ${issued.text}`);
  const { signer, jwk } = browserKey();
  const holder = new SignedCaller(patchbay.url, { keyId: 'not-yet-a-session', signer });
  const body = { session_token: issued.json['session_token'], public_key: jwk };
  const activated = await holder.call('POST', '/sessions/activate', body);
  if (activated.status !== 201) throw new Error(`activate answered ${activated.status}: ${activated.text}`);
  return new SignedCaller(patchbay.url, { keyId: String(activated.json['session_id']), signer });
}

export function clientsOf(patchbay: RunningPatchbay): ApiClients {
  return patchbay.application.get(ApiClients, { strict: false });
}
