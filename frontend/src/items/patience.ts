import type { ApiFailure } from '../api/api-failure.ts';
import type { WaitReason } from './item-load.ts';

/** Between tries to reach a service that went away: a restart takes seconds, a lost network its time. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 15_000];
const LIMITS_IN_A_ROW = 3;
const LONGEST_ASKED_MS = 90_000;

const CUT: ReadonlySet<string> = new Set(['network_error', 'client_timeout', 'stream_cut']);
const BUSY: ReadonlySet<string> = new Set([
  'service_unavailable',
  'storage_unavailable',
  // What stands in front of Patchbay says so while there is none behind it.
  'http_502',
  'http_503',
  'http_504',
]);

export interface Wait {
  why: WaitReason;
  delayMs: number;
}

/** Decides what is waited out unasked; the rest is for the person to know about. */
export class Patience {
  #tries = 0;
  #limits = 0;

  /** Something came: what went wrong before is over. */
  refresh(): void {
    this.#tries = 0;
    this.#limits = 0;
  }

  /** @returns null for what no wait would mend, and when it was waited for long enough */
  after(failure: ApiFailure): Wait | null {
    const askedMs = (failure.retryAfterSeconds ?? 0) * 1_000;
    if (askedMs > LONGEST_ASKED_MS) return null;
    if (failure.code === 'rate_limited') {
      this.#limits += 1;
      return this.#limits > LIMITS_IN_A_ROW ? null : { why: 'limit', delayMs: Math.max(1_000, askedMs) };
    }
    const why = CUT.has(failure.code) ? 'connection' : BUSY.has(failure.code) ? 'service' : null;
    const pauseMs = PAUSES_MS[this.#tries];
    if (why === null || pauseMs === undefined) return null;
    this.#tries += 1;
    return { why, delayMs: Math.max(pauseMs, askedMs) };
  }
}

const OUTAGES: ReadonlySet<string> = new Set([
  'provider_unavailable',
  'provider_timeout',
  'provider_error',
  'provider_protocol_error',
  'provider_rate_limited',
]);

/** Whether the provider can't be had now, so that what was loaded earlier is worth a look. */
export function isProvidersOutage({ code }: ApiFailure): boolean {
  return OUTAGES.has(code);
}
