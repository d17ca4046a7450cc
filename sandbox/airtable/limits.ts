import { scaled, type Context } from '../core/context.ts';
import type { Token } from '../core/grant-rows.ts';
import { json, type Reply } from '../core/message.ts';
import { airtableError } from './errors.ts';

const MONTH_MS = 30 * 24 * 3600 * 1000;
const PER_BASE = 5;
const PENALTY_MS = 30_000;

/**
 * The 429 this call has earned, if any. `subject` is a base id (5 a second each, then 30 s of nothing), or `records`
 * or `meta` for the monthly cap, which leaves `/meta` alone. https://airtable.com/developers/web/api/rate-limits
 */
export function overLimit(context: Context, token: Token, subject: string): Reply | null {
  if (!context.settings.rateLimits || subject === 'meta') return null;
  if (subject === 'records') return overMonthlyCap(context, token);
  const limit = { max: scaled(context, PER_BASE), windowMs: 1000, penaltyMs: PENALTY_MS };
  if (context.limiter.take(`airtable/${subject}`, limit).allowed) return null;
  context.stats.count('airtable', 'rate_limit_breaches');
  // Both bodies are in use out there, so both are seen here: turn and turn about.
  return context.stats.read().airtable.rate_limit_breaches % 2 === 1
    ? airtableError(429, 'RATE_LIMIT_REACHED', 'Rate limit exceeded. Please try again later')
    : json(429, { errors: [{ error: 'RATE_LIMIT_REACHED', message: 'Rate limit exceeded. Please try again later' }] });
}

function overMonthlyCap(context: Context, token: Token): Reply | null {
  const max = context.settings.airtable.monthlyCalls;
  if (max === 0) return null;
  if (context.limiter.take(`airtable/month/${token.grant.account}`, { max, windowMs: MONTH_MS }).allowed) return null;
  context.stats.count('airtable', 'rate_limit_breaches');
  return airtableError(429, 'PUBLIC_API_BILLING_LIMIT_EXCEEDED', 'API billing plan limit exceeded');
}
