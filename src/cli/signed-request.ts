import { createHash, createHmac, randomBytes, sign } from 'node:crypto';
import { createSignatureSync, type SignerSync } from 'http-message-sig';
import type { SigningKey } from './secret-file.ts';

export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  /** JSON. */
  readonly body?: string;
}

/** The header fields that make it a signed request (RFC 9421), its body included (RFC 9530). */
export function signedHeaders(request: UnsignedRequest, clientId: string, key: SigningKey): Record<string, string> {
  const { method, url, body } = request;
  const fields: Record<string, string> =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-digest': contentDigest(body) };
  const { signature, signatureInput } = createSignatureSync(
    {
      kind: 'request',
      method,
      targetUri: url.href,
      fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
    },
    {
      label: 'sig1',
      components: ['@method', '@authority', '@path', '@query', ...Object.keys(fields)],
      parameters: {
        created: Math.floor(Date.now() / 1000),
        keyid: clientId,
        nonce: randomBytes(16).toString('base64url'),
      },
      signer: signerOf(key),
    },
  );
  return { ...fields, 'signature-input': signatureInput, signature };
}

function contentDigest(body: string): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

function signerOf(key: SigningKey): SignerSync {
  const { algorithm } = key;
  if (algorithm === 'ed25519') return { algorithm, sign: (data) => sign(null, data, key.privateKey) };
  const bytes = Buffer.from(key.secret.reveal(), 'base64url');
  return { algorithm, sign: (data) => createHmac('sha256', bytes).update(data).digest() };
}
