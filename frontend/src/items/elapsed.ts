import { strings } from '../strings.ts';

const SECOND_MS = 1_000;
const MINUTE_SECONDS = 60;

export function writeElapsed(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / SECOND_MS));
  if (seconds < MINUTE_SECONDS) return strings.load.seconds(seconds);
  const rest = String(seconds % MINUTE_SECONDS).padStart(2, '0');
  return strings.load.minutes(Math.floor(seconds / MINUTE_SECONDS), rest);
}

/** Whole seconds that are left until then; 1 at least, for what is about to be. */
export function secondsUntil(untilMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((untilMs - nowMs) / SECOND_MS));
}
