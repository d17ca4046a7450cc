import { PatchbayError } from '../errors/patchbay-error.ts';

/**
 * Reads an object that a listing has just named. Its owner may have taken it out of the grant, or deleted it, in between:
 * that is no reason to fail the whole load.
 * @returns undefined when the provider answers that it isn't there for us (403 or 404)
 */
export async function unlessWithdrawn<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isWithdrawn(error)) return undefined;
    throw error;
  }
}

function isWithdrawn(error: unknown): boolean {
  if (!(error instanceof PatchbayError) || error.code !== 'provider_error') return false;
  const { provider_status } = error.details;
  return provider_status === 403 || provider_status === 404;
}
