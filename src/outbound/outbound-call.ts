import type { IncomingHttpHeaders } from 'node:http';

export interface OutboundRequest {
  /** Whose provider is called: decides the connection pool, and names it in errors. */
  readonly integration: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether another attempt may follow a failed one: true only where a repeat has no further effect. */
  readonly repeatable: boolean;
  /** Cancels the call, e.g. because our own caller hung up. */
  readonly signal?: AbortSignal;
  readonly maxBodyBytes?: number;
  /** For an endpoint that may take longer to answer than an attempt may take elsewhere. Body included. */
  readonly attemptTimeoutMs?: number;
  /** Seconds to wait after a 429 that names no Retry-After. */
  readonly throttledWaitSeconds?: number;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
