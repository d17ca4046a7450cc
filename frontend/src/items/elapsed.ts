import { strings } from '../strings.ts';

const SECOND_MS = 1_000;
const MINUTE_SECONDS = 60;
const PRECISE_TENTHS = 100;

export function writeElapsed(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / SECOND_MS));
  if (seconds < MINUTE_SECONDS) return strings.load.seconds(seconds);
  const rest = String(seconds % MINUTE_SECONDS).padStart(2, '0');
  return strings.load.minutes(Math.floor(seconds / MINUTE_SECONDS), rest);
}

/** What something took that has ended: short ones to a tenth of a second, since none took no time at all. */
export function writeTook(tookMs: number): string {
  const tenths = Math.max(1, Math.round(tookMs / 100));
  return tenths < PRECISE_TENTHS
    ? strings.load.seconds(tenths / 10)
    : writeElapsed(Math.round(tookMs / SECOND_MS) * SECOND_MS);
}

/** Whole seconds that are left until then; 1 at least, for what is about to be. */
export function secondsUntil(untilMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((untilMs - nowMs) / SECOND_MS));
}
