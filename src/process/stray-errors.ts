import type { Logger } from 'pino';
import { DRAIN_TIMEOUT_MS } from './drain-time.ts';

export type StrayKind = 'exception' | 'rejection';

export interface StrayErrorOptions {
  /** Told of each. */
  readonly count: (kind: StrayKind) => void;
  /** Ends the process in order. Called once, after an exception. */
  readonly end: () => Promise<void>;
  /** The longest that may take: with the door closed and no supervisor that sees it, a process that hangs serves nobody. */
  readonly endsWithinMs?: number;
}

/** The drain, and what is left to close after it. */
const ENDS_WITHIN_MS = DRAIN_TIMEOUT_MS + 5_000;

/**
 * What no code handled is a defect: it is logged in one line and counted.
 *
 * After an exception that reached nobody "it is not safe to resume normal operation" (Node's documentation of
 * 'uncaughtException'): some function stopped halfway, and what it left behind nobody knows. The process serves what is
 * under way, takes on no more and ends with 1; its supervisor starts another.
 *
 * A promise whose rejection nobody awaits left nothing half done that its own `finally` didn't see to. The process goes on:
 * otherwise whoever finds a way to such a rejection could end every replica with it, one request each.
 */
export function catchStrayErrors(log: Logger, { count, end, endsWithinMs = ENDS_WITHIN_MS }: StrayErrorOptions): void {
  let isEnding = false;
  process.on('unhandledRejection', (reason: unknown) => {
    count('rejection');
    log.error({ err: toldOf(reason) }, 'a rejection that nobody handled');
  });
  process.on('uncaughtException', (error: unknown) => {
    count('exception');
    log.fatal({ err: toldOf(error) }, 'an exception that nobody handled: the process ends in order');
    if (isEnding) return;
    isEnding = true;
    process.exitCode = 1;
    setTimeout(() => process.exit(1), endsWithinMs).unref();
    void end().finally(() => process.exit(1));
  });
}

/** Anything can be thrown, and an error may carry more than its own words: a request's headers, say. */
function toldOf(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: 'Something was thrown that is no error.' };
  const { name: type, message, stack } = thrown;
  return { type, message, stack };
}
