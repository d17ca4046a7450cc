import type { Request, Response } from 'express';
import { acceptSignature } from '../callers/request-signature.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { requestIdOf } from './request-id.ts';
import { noteError } from './served-request.ts';

/** Writes the one shape every refusal has. What has begun to be answered can't be answered otherwise: it is cut off. */
export function writeError(response: Response, error: PatchbayError): void {
  noteError(response, error.code);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { allow, ...details } = error.details;
  response.status(error.status);
  response.set('Cache-Control', 'no-store');
  if (details.retry_after !== undefined) response.set('Retry-After', String(Math.ceil(details.retry_after)));
  if (allow !== undefined) response.set('Allow', allow.join(', '));
  if (error.status === 401) {
    const accepted = acceptSignature(hasBody(response.req));
    response.set({ 'WWW-Authenticate': 'Signature', 'Accept-Signature': accepted });
  }
  // A body that wasn't read to its end would be taken for the next request.
  if (error.code === 'payload_too_large') response.set('Connection', 'close');
  const envelope = {
    error: error.code,
    message: error.message,
    details: { request_id: requestIdOf(response), ...details },
  };
  response.json(envelope);
}

/** RFC 9112 §6. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
