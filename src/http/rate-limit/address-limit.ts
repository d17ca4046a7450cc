import type { ThrottlerStorage } from '@nestjs/throttler';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { addressKey } from './rate-limit-key.ts';
import { spend, WINDOW_MS } from './rate-limit.ts';

/**
 * The limit per address, before anything is read or looked up, so that what isn't there, can't be read or isn't signed
 * counts as well. A guard would come too late for those: it is asked only about routes that exist.
 * @param limit requests per minute; 0 for no limit
 */
export function limitByAddress(
  storage: ThrottlerStorage,
  limit: number,
  isUncounted: (request: Request) => boolean,
): RequestHandler {
  const policy = { name: 'ip', limit, windowMs: WINDOW_MS };
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    if (limit > 0 && !isUncounted(request)) await spend(storage, policy, addressKey(request), response);
    next();
  };
}
