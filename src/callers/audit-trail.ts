import type { Caller } from './caller.ts';

/** A provider's token that left the house: to whom, of which connection. When is the line's own time. */
export interface TokenHandedOut {
  readonly caller: Caller;
  readonly connectionId: string;
  readonly integration: string;
  readonly orgId: string;
  readonly userId: string;
  readonly requestId: string | undefined;
}

/** What has to be known of afterwards, whatever the log level. An abstract class, so that it is its own token. */
export abstract class AuditTrail {
  abstract tokenHandedOut(event: TokenHandedOut): void;
}
