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

export interface Fault {
  readonly provider: ProviderName;
  /** `authorize`, `token`, `api`, or a path prefix that begins with a slash; `null`: everything. */
  readonly endpoint: string | null;
  readonly mode: FaultMode;
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  readonly delayMs: number;
  readonly probability: number;
  /** How often it strikes; `null`: always. */
  readonly times: number | null;
}

/** The faults that are set; the first that fits a request and strikes is the one that happens. */
export class FaultBook {
  private faults: { readonly fault: Fault; left: number }[] = [];
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  add(fault: Fault): void {
    this.faults.push({ fault, left: fault.times ?? Infinity });
  }

  clear(provider: ProviderName | null): number {
    const before = this.faults.length;
    this.faults = this.faults.filter(({ fault }) => provider !== null && fault.provider !== provider);
    return before - this.faults.length;
  }

  strike(provider: ProviderName, kind: EndpointKind, path: string): Fault | null {
    for (const entry of this.faults) {
      const { fault } = entry;
      if (fault.provider !== provider || entry.left <= 0 || !concerns(fault, kind, path)) continue;
      if (fault.probability < 1 && this.random() >= fault.probability) continue;
      entry.left -= 1;
      return fault;
    }
    return null;
  }
}

function concerns(fault: Fault, kind: EndpointKind, path: string): boolean {
  const { endpoint } = fault;
  if (endpoint === null || endpoint === kind) return true;
  return endpoint.startsWith('/') && (path.startsWith(endpoint) || `/${fault.provider}${path}`.startsWith(endpoint));
}
