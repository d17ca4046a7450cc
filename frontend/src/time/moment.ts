import { madeOnce } from '../state/made-once.ts';

const format = madeOnce(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }));

/** The name of the person's time zone, such as `Europe/Berlin`. */
export function timeZone(): string {
  return format().resolvedOptions().timeZone;
}

/** An RFC 3339 time in the person's zone and language; null when it isn't a time. */
export function writeMoment(time: string): string | null {
  const moment = new Date(time);
  return Number.isNaN(moment.getTime()) ? null : format().format(moment);
}
