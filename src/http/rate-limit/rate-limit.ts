import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Response } from 'express';
import { PatchbayError } from '../../errors/patchbay-error.ts';

/** The limits of api.md are per minute. */
export const WINDOW_MS = 60_000;

/** So many hits in any window of this length. */
export interface RateLimitPolicy {
  readonly name: string;
  /** Above 0. */
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * Takes one from the budget of `tracker`, and says on the answer what is left of it.
 * @throws PatchbayError `rate_limited` when nothing was; the refused request then counts for nothing
 */
export async function spend(
  storage: ThrottlerStorage,
  policy: RateLimitPolicy,
  tracker: string,
  response: Response,
): Promise<void> {
  const { name, limit, windowMs } = policy;
  const hit = await storage.increment(`${name}:${tracker}`, windowMs, limit, 0, name);
  const remaining = Math.max(0, limit - hit.totalHits);
  // draft-ietf-httpapi-ratelimit-headers, "RateLimit-Policy" and "RateLimit": one list each, an item a policy.
  append(response, 'RateLimit-Policy', `"${name}";q=${limit};w=${windowMs / 1000}`);
  append(response, 'RateLimit', `"${name}";r=${remaining};t=${hit.timeToExpire}`);
  if (!hit.isBlocked) return;
  const seconds = hit.timeToBlockExpire;
  const message = `Too many requests: at most ${limit} in ${windowMs / 1000} s. Try again in ${seconds} s.`;
  throw new PatchbayError('rate_limited', message, { retry_after: seconds });
}

function append(response: Response, header: string, item: string): void {
  const before = response.getHeader(header);
  response.setHeader(header, typeof before === 'string' ? `${before}, ${item}` : item);
}
