import type { ErrorCode } from '../errors/error-code.ts';
import type { Endpoint, OutboundRequest } from './outbound-call.ts';

/** One attempt at a provider, once it is over. */
export interface AttemptObservation {
  readonly integration: string;
  readonly endpoint: Endpoint;
  readonly method: OutboundRequest['method'];
  /** The answer's status, or why there was none; `cancelled`: our own caller hung up. */
  readonly outcome: number | ErrorCode | 'cancelled';
  readonly durationMs: number;
  /** 1 for the first of its call. */
  readonly attempt: number;
  /** Whether another one follows. */
  readonly retried: boolean;
}

/** Called as each attempt ends; must be quick, and must not throw. */
export type OutboundObserver = (attempt: AttemptObservation) => void;
