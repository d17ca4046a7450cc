import type { ProviderName } from './providers.ts';
import type { EndpointKind } from './route.ts';

export const FAULT_MODES = [
  'status', // the provider's own error shape with `status` (500) and, when given, Retry-After: `retry_after` seconds
  'hang', // never answers
  'drip', // the true answer, a byte a second
  'truncate', // the true answer's length promised, half of it sent, connection closed
  'reset', // connection reset without an answer
  'html', // 200 and an HTML page
  'huge', // JSON that goes on for a gigabyte
  'gzip_bomb', // a gigabyte in a megabyte of gzip
  'redirect', // 307 to another host
  'slow', // the true answer after `delay_ms` (3000)
] as const;

export type FaultMode = (typeof FAULT_MODES)[number];

/** Before or after the provider has done what the request asks of it. */
export const FAULT_TIMES = ['before', 'after'] as const;

export type FaultTime = (typeof FAULT_TIMES)[number];

/** These cut or stretch the true answer, so the provider has acted when they strike. */
export const ALWAYS_AFTER: readonly FaultMode[] = ['drip', 'truncate'];

/** What a fault's `grant_type` may name (RFC 6749 sections 4.1.3 and 6). */
export const GRANT_TYPES = ['authorization_code', 'refresh_token'] as const;

export interface Fault {
  readonly provider: ProviderName;
  /** `authorize`, `token`, `api`, or a path prefix that begins with a slash; `null`: everything. */
  readonly endpoint: string | null;
  readonly mode: FaultMode;
  /** `after`: the provider has acted (rotated the token, say) and only its answer suffers. */
  readonly when: FaultTime;
  /** The requests that send this `grant_type`; `null`: all. */
  readonly grantType: (typeof GRANT_TYPES)[number] | null;
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  readonly delayMs: number;
  readonly probability: number;
  /** How often it strikes; `null`: always. */
  readonly times: number | null;
}

/** The request a fault may strike. */
export interface Struck {
  readonly provider: ProviderName;
  readonly kind: EndpointKind;
  /** Relative to the provider's prefix. */
  readonly path: string;
  readonly grantType: string | null;
}

/** The faults that are set; the first that fits a request and strikes is the one that happens. */
export class FaultBook {
  private faults: { readonly fault: Fault; left: number }[] = [];
  private readonly random: () => number;
  private release = new AbortController();

  constructor(random: () => number) {
    this.random = random;
  }

  add(fault: Fault): void {
    this.faults.push({ fault, left: fault.times ?? Infinity });
  }

  /** Forgets them all, and lets go what {@link released} holds back. */
  clear(): number {
    const cleared = this.faults.length;
    this.faults = [];
    this.release.abort();
    this.release = new AbortController();
    return cleared;
  }

  /** Aborted at the next {@link clear}. */
  get released(): AbortSignal {
    return this.release.signal;
  }

  strike(request: Struck): Fault | null {
    for (const entry of this.faults) {
      const { fault } = entry;
      if (entry.left <= 0 || !concerns(fault, request)) continue;
      if (fault.probability < 1 && this.random() >= fault.probability) continue;
      entry.left -= 1;
      return fault;
    }
    return null;
  }
}

function concerns({ provider, endpoint, grantType }: Fault, request: Struck): boolean {
  if (provider !== request.provider || (grantType !== null && grantType !== request.grantType)) return false;
  if (endpoint === null || endpoint === request.kind) return true;
  const { path } = request;
  return endpoint.startsWith('/') && (path.startsWith(endpoint) || `/${provider}${path}`.startsWith(endpoint));
}
