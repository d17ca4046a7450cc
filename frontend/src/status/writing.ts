import { madeOnce } from '../state/made-once.ts';
import { strings } from '../strings.ts';

const short = madeOnce(() => new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 }));
const whole = madeOnce(() => new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 }));
const clock = madeOnce(() => new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }));
const day = madeOnce(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' }));

const { chart } = strings.status;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function writeNumber(value: number): string {
  return (value >= 100 ? whole() : short()).format(value);
}

/** Seconds as a person says them: `40 ms`, `1.2 s`, `3 min`. */
export function writeDuration(seconds: number): string {
  if (seconds === 0) return chart.milliseconds(writeWhole(0));
  if (seconds < 1) return chart.milliseconds(writeNumber(seconds * 1000));
  if (seconds < 2 * MINUTE) return chart.seconds(writeNumber(seconds));
  if (seconds < 2 * HOUR) return chart.minutes(writeWhole(seconds / MINUTE));
  if (seconds < 2 * DAY) return chart.hours(writeWhole(seconds / HOUR));
  return chart.days(writeWhole(seconds / DAY));
}

/** A frequency; what is rarer than once in ten seconds is told by the minute. */
export function writeRate(perSecond: number, { perMinute, perSecond: write }: RateWords = chart): string {
  if (perSecond > 0 && perSecond < 0.1) return perMinute(writeNumber(perSecond * MINUTE));
  return write(writeNumber(perSecond));
}

interface RateWords {
  perSecond: (value: string) => string;
  perMinute: (value: string) => string;
}

export function writeMegabytes(megabytes: number): string {
  return chart.megabytes(writeNumber(megabytes));
}

/** Without a fraction. */
export function writeWhole(value: number): string {
  return whole().format(value);
}

export function writeShare(share: number): string {
  return chart.percent(share > 0 && share < 0.01 ? '<1' : writeWhole(share * 100));
}

/** A time of day in the person's zone; with its date when it is not of today. */
export function writeClock(timeMs: number, nowMs = Date.now()): string {
  return (isSameDay(timeMs, nowMs) ? clock() : day()).format(timeMs);
}

function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
