import type { IncomingHttpHeaders } from 'node:http';

/** A provider's token endpoint (with its kin, as revocation) and its API fail apart: they have a circuit each. */
export const ENDPOINTS = ['token', 'api'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/**
 * When another attempt may follow one that failed:
 * `freely` a repeat has no further effect (a read, whatever its method);
 * `unless-sent` what was asked may have been done even if its answer was lost, so only if nothing was sent;
 * `never` who calls repeats by rules of his own.
 */
export type Repeatable = 'freely' | 'unless-sent' | 'never';

export interface OutboundRequest {
  /** Whose provider is called: decides connections, circuit and retry budget, and names it in errors. */
  readonly integration: string;
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Absent: by the method (RFC 9110 §9.2.2). GET and DELETE are repeated freely, POST unless it was sent. */
  readonly repeatable?: Repeatable;
  /** Cancels the call, e.g. because our own caller hung up. */
  readonly signal?: AbortSignal;
  readonly maxBodyBytes?: number;
  /** For an endpoint that may take longer to answer than an attempt may take elsewhere. Body included. */
  readonly attemptTimeoutMs?: number;
  /** Seconds to wait after a 429 that names no Retry-After. */
  readonly throttledWaitSeconds?: number;
  /** Tells one tenant's calls from another's: none has all of a provider's connections. Absent: nobody's in particular. */
  readonly onBehalfOf?: string;
  /** Absent: the provider's limits are somebody else's business. */
  readonly pacing?: CallPacing;
}

/** Keeps a call to its provider's limits. */
export interface CallPacing {
  /**
   * Asked before every attempt. Resolves when it may be made, at the latest at `deadline` (`performance.now()`).
   * @throws OutboundError `provider_rate_limited` when it may not be made in time; the signal's own reason
   */
  admit(deadline: number, signal?: AbortSignal): Promise<void>;
  /** Told of every answer. Never rejects. @returns milliseconds for which no attempt would be admitted any more */
  heed(response: OutboundResponse): Promise<number>;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
