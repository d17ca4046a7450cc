import { isSignatureError, SignatureErrorCode, verifySignature, type SignatureParameters } from 'http-message-sig';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import { digestMatches } from './content-digest.ts';
import {
  ed25519Key,
  hmacKey,
  p256Key,
  SIGNATURE_ALGORITHMS,
  type P256Jwk,
  type VerificationKey,
} from './verification-key.ts';
import type { WireRequest } from './wire-request.ts';

export const MAX_AGE_SECONDS = 300;
export const MAX_AHEAD_SECONDS = 30;
const NONCE_LENGTH = { least: 16, most: 128 };

/** What a verified signature says of itself. */
export interface VerifiedRequest {
  readonly keyId: string;
  readonly nonce: string;
  /** Seconds since the epoch. */
  readonly created: number;
}

/** @returns undefined for a key nobody registered */
export type FindKey = (keyId: string) => Promise<VerificationKey | undefined>;

const COVERED = ['@method', '@authority', '@path', '@query'];
const COVERED_WITH_BODY = [...COVERED, 'content-digest', 'content-type'];

/** RFC 9421 §5: what a signature has to cover and say, for whoever was refused. */
export function acceptSignature(hasBody: boolean): string {
  const components = (hasBody ? COVERED_WITH_BODY : COVERED).map((name) => `"${name}"`);
  return `sig1=(${components.join(' ')});created;keyid;nonce`;
}

/** As a request with a body is answered. */
export const ACCEPT_SIGNATURE = acceptSignature(true);

/**
 * Checks a request's signature (RFC 9421) and, where there is a body, its digest (RFC 9530) over the bytes that came.
 * The nonce is the caller's to check: only now is it known that the key's holder chose it.
 * @throws PatchbayError one of the 401 codes
 */
export async function verifyRequest(wire: WireRequest, findKey: FindKey, nowMs = Date.now()): Promise<VerifiedRequest> {
  const hasSignature = wire.descriptor.fields.some(({ name }) => name === 'signature' || name === 'signature-input');
  if (!hasSignature) throw refused('signature_required', 'Sign the request (RFC 9421). Accept-Signature says how.');
  refuseDecimals(wire);
  let isKnown = false;
  try {
    const verified = await verifySignature(wire.descriptor, {
      policy: {
        algorithms: SIGNATURE_ALGORITHMS,
        requiredComponents: wire.body.length === 0 ? COVERED : COVERED_WITH_BODY,
        requiredParameters: ['created', 'keyid', 'nonce'],
        // The window is checked below, once it is known who said when.
        clockSkew: Number.MAX_SAFE_INTEGER,
      },
      resolveVerifier: async ({ parameters }) => {
        const key = await findKey(parameters.keyid ?? '');
        isKnown = key !== undefined;
        return key ?? nobodysKey(parameters.alg);
      },
    });
    checkWindow(verified.parameters, nowMs / 1000);
    checkDigest(wire);
    return identified(verified.parameters);
  } catch (error) {
    throw signatureRefusal(error, isKnown);
  }
}

// RFC 8941 §3.3.2, outside of strings: once parsed, 1.0 can't be told from 1.
const STRING = /"(?:[^"\\]|\\.)*"/g;
const DECIMAL_TIME = /;\s*(?:created|expires)=-?\d+\./;

/** RFC 9421 §2.3: `created` and `expires` are integers, not decimals without a fraction. */
function refuseDecimals({ descriptor }: WireRequest): void {
  const input = descriptor.fields.find(({ name }) => name === 'signature-input')?.value ?? '';
  if (DECIMAL_TIME.test(input.replace(STRING, '""'))) {
    throw refused('invalid_signature', 'created and expires must be whole seconds.');
  }
}

function checkWindow({ created, expires }: SignatureParameters, now: number): void {
  const age = now - (created ?? 0);
  if (age > MAX_AGE_SECONDS)
    throw refused('signature_expired', `The signature is older than ${MAX_AGE_SECONDS} s. Is your clock right?`);
  if (age < -MAX_AHEAD_SECONDS)
    throw refused('signature_expired', `The signature is from the future. Is your clock right?`);
  if (expires !== undefined && expires < now) throw refused('signature_expired', 'The signature has expired.');
}

function checkDigest({ descriptor, body }: WireRequest): void {
  const field = descriptor.fields.find(({ name }) => name === 'content-digest');
  if (field === undefined && body.length === 0) return;
  if (field !== undefined && digestMatches(field.value, body)) return;
  throw refused('invalid_signature', 'Content-Digest is not the digest of the body.');
}

function identified({ keyid = '', nonce = '', created = 0 }: SignatureParameters): VerifiedRequest {
  if (nonce.length >= NONCE_LENGTH.least && nonce.length <= NONCE_LENGTH.most) return { keyId: keyid, nonce, created };
  throw refused('invalid_signature', `The nonce must be ${NONCE_LENGTH.least} to ${NONCE_LENGTH.most} characters.`);
}

function signatureRefusal(error: unknown, isKnown: boolean): unknown {
  if (!isSignatureError(error)) return error;
  // A store that is down while the key is looked up is no fault of the signature.
  if (error.code === SignatureErrorCode.ResolverFailed) return error.cause instanceof Error ? error.cause : error;
  const wasTried =
    error.code === SignatureErrorCode.VerificationFailed || error.code === SignatureErrorCode.AlgorithmMismatch;
  if (wasTried && !isKnown) return refused('unknown_key', 'No key with this key id is registered.');
  return refused('invalid_signature', 'The signature does not hold for this request.', error);
}

const DECOYS = [
  hmacKey([new Secret(randomBytes(32).toString('base64url'))]),
  ed25519Key(generateKeyPairSync('ed25519').publicKey),
  p256Key(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as unknown as P256Jwk),
] as const;

/** A key that fails like a wrong one, after the same work: whether a key id exists is not told by time. */
function nobodysKey(algorithm: string | undefined): VerificationKey {
  const decoy = DECOYS.find((one) => one.algorithm === algorithm) ?? DECOYS[0];
  return { algorithm: decoy.algorithm, verify: (data, signature) => decoy.verify(data, signature) && false };
}

function refused(code: ErrorCode, message: string, cause?: unknown): PatchbayError {
  return new PatchbayError(code, message, {}, { cause });
}
