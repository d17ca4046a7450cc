import { PatchbayError } from '../errors/patchbay-error.ts';
import { PositionExpired } from '../items/item-source.ts';

/**
 * Reads a page at a position that the provider gave. Positions don't last, and providers refuse an old one as they refuse
 * anything that is wrong; but all else in the call was right for the page before.
 * @param status what the provider refuses it with
 * @throws PositionExpired for that, unless the call was for the first page, which has no position
 */
export async function unlessForgotten<Answer>(
  position: string | undefined,
  status: number,
  call: Promise<Answer>,
): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (position === undefined || !isRefusal(error, status)) throw error;
    throw new PositionExpired('The provider no longer knows this position.', { cause: error });
  }
}

function isRefusal(error: unknown, status: number): boolean {
  return error instanceof PatchbayError && error.code === 'provider_error' && error.details.provider_status === status;
}
