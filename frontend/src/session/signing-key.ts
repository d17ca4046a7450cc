/** WebCrypto's name for the one algorithm a browser session signs with (`ecdsa-p256-sha256`, RFC 9421 §3.3.4). */
const KEY: EcKeyImportParams = { name: 'ECDSA', namedCurve: 'P-256' };

/** Exactly the members that the service asks for. */
export interface PublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

export interface NewKey {
  /** Signs, and can be kept by the browser, but its bytes can't be had by anybody: no script, no extension, not us. */
  privateKey: CryptoKey;
  publicJwk: PublicJwk;
}

/** Makes a key that never leaves this browser. */
export async function newSigningKey(): Promise<NewKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(KEY, false, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
  return { privateKey, publicJwk: { kty: 'EC', crv: 'P-256', x, y } };
}

/** RFC 7638: the key's name while it has no session to be named by. */
export async function thumbprint({ crv, kty, x, y }: PublicJwk): Promise<string> {
  const members = new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }));
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', members)));
}

export function base64url(bytes: Uint8Array): string {
  return base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
