import type { Context } from '../core/context.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (cursor: string): string => Buffer.from(cursor, 'base64').toString('latin1');

/** What a cursor is good for, besides where it leads. */
interface Stamp {
  readonly isEmptyPage?: boolean;
  /** When it was given out; absent: it never gets too old. */
  readonly issuedMs?: number | undefined;
}

/** A cursor as Slack's look, `=` and all: base64 of what the next page begins with. */
export function makeCursor(kind: 'team' | 'user', id: string, { isEmptyPage = false, issuedMs }: Stamp = {}): string {
  return encode(`${kind}:${id}${isEmptyPage ? ':' : ''}${issuedMs === undefined ? '' : `@${issuedMs}`}`);
}

export interface CursorTarget {
  readonly id: string;
  /** Whether the page it leads to has nothing on it but the next cursor. */
  readonly isEmptyPage: boolean;
}

/** @returns null for a cursor that leads nowhere, or no longer */
export function readCursor(context: Context, kind: 'team' | 'user', cursor: string): CursorTarget | null {
  const match = new RegExp(`^${kind}:(\\w{11})(:?)(?:@(\\d+))?$`).exec(decode(cursor));
  const { cursorLifeSeconds } = context.settings.slack;
  const issuedMs = match?.[3];
  const isOld = issuedMs !== undefined && Number(issuedMs) + cursorLifeSeconds * 1000 <= context.now();
  return match?.[1] === undefined || isOld ? null : { id: match[1], isEmptyPage: match[2] === ':' };
}

/** What {@link makeCursor} needs to know where cursors get old. */
export function issuedNow({ settings, now }: Context): number | undefined {
  return settings.slack.cursorLifeSeconds > 0 ? now() : undefined;
}

/** A cursor among messages: base64 of `next_ts:` and the `ts` it leads to, without its dot. */
export function makeTsCursor(ts: string, isAfterEmptyPage = false): string {
  return encode(`next_ts:${ts.replace('.', '')}${isAfterEmptyPage ? ':' : ''}`);
}

export function readTsCursor(cursor: string): { readonly ts: string; readonly isAfterEmptyPage: boolean } | null {
  const match = /^next_ts:(\d{10})(\d{6})(:?)$/.exec(decode(cursor));
  return match === null ? null : { ts: `${match[1] ?? ''}.${match[2] ?? ''}`, isAfterEmptyPage: match[3] === ':' };
}
