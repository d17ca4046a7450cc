import type { OutboundResponse } from './outbound-call.ts';
import { OutboundError, type Ailment } from './outbound-error.ts';

/** `unknown`: an attempt that ended without the provider having had its say. */
export type Verdict = 'healthy' | 'unknown' | Ailment;

/**
 * What an attempt tells of the provider's health. Any answer below 500 shows that it lives: a 4xx is about what was asked,
 * a 429 about how often.
 */
export function verdictOn(outcome: OutboundResponse | OutboundError): Verdict {
  if (outcome instanceof OutboundError) return outcome.ailment ?? 'unknown';
  return outcome.status >= 500 ? 'server_error' : 'healthy';
}
