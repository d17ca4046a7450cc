import { createSignature, type Signer } from 'http-message-sig';
import { base64, base64url } from './signing-key.ts';

/** What a request is signed with, and by what name the service knows it. */
export interface RequestKey {
  keyId: string;
  privateKey: CryptoKey;
}

const COVERED = ['@method', '@authority', '@path', '@query'];
const NONCE_BYTES = 16;

/**
 * The same request with a signature of its own (RFC 9421) and a digest of its body (RFC 9530). The one it is made of
 * stays unused, so that it can be signed again.
 * @param created seconds since the epoch, by the service's clock
 */
export async function signedRequest(request: Request, key: RequestKey, created: number): Promise<Request> {
  const body = new Uint8Array(await request.clone().arrayBuffer());
  const fields = body.length === 0 ? {} : await fieldsOf(request, body);
  const { signature, signatureInput } = await createSignature(
    {
      kind: 'request',
      method: request.method,
      targetUri: request.url,
      fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
    },
    {
      label: 'sig1',
      components: [...COVERED, ...Object.keys(fields)],
      parameters: { created, keyid: key.keyId, nonce: newNonce() },
      signer: signerOf(key.privateKey),
    },
  );
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(fields)) headers.set(name, value);
  headers.set('signature-input', signatureInput);
  headers.set('signature', signature);
  // Chromium takes the body from a request that another is made of, even when that one gets a body of its own.
  return new Request(request.clone(), body.length === 0 ? { headers } : { headers, body });
}

async function fieldsOf(request: Request, body: Uint8Array<ArrayBuffer>): Promise<Record<string, string>> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  return {
    'content-type': request.headers.get('content-type') ?? '',
    'content-digest': `sha-256=:${base64(digest)}:`,
  };
}

function signerOf(privateKey: CryptoKey): Signer {
  return {
    algorithm: 'ecdsa-p256-sha256',
    // WebCrypto gives r and s one after the other, 64 bytes, as RFC 9421 §3.3.4 wants them.
    sign: async (data) =>
      new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, data.slice())),
  };
}

function newNonce(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}
