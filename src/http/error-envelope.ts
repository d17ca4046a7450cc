import type { Response } from 'express';
import { ACCEPT_SIGNATURE } from '../callers/request-signature.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { requestIdOf } from './request-id.ts';

/** Writes the one shape every refusal has. What has begun to be answered can't be answered otherwise: it is cut off. */
export function writeError(response: Response, error: PatchbayError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { allow, ...details } = error.details;
  response.status(error.status);
  response.set('Cache-Control', 'no-store');
  if (details.retry_after !== undefined) response.set('Retry-After', String(Math.ceil(details.retry_after)));
  if (allow !== undefined) response.set('Allow', allow.join(', '));
  if (error.status === 401) response.set({ 'WWW-Authenticate': 'Signature', 'Accept-Signature': ACCEPT_SIGNATURE });
  // A body that wasn't read to its end would be taken for the next request.
  if (error.code === 'payload_too_large') response.set('Connection', 'close');
  const envelope = {
    error: error.code,
    message: error.message,
    details: { request_id: requestIdOf(response), ...details },
  };
  response.json(envelope);
}
