import type { Context } from '../core/context.ts';
import { cursor } from '../core/identifiers.ts';
import type { Call, Reply } from '../core/message.ts';
import type { Scan } from '../core/scan.ts';
import { success } from './errors.ts';

export interface PageRequest {
  readonly start: number;
  readonly size: number;
}

/** `start_cursor` and `page_size` from body or query; a text says what is wrong with them. */
export function pageRequest(context: Context, call: Call, scope: string): PageRequest | string {
  const size = call.json?.['page_size'] ?? Number(call.query.get('page_size') ?? 100);
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > 100) {
    return 'body failed validation: body.page_size should be a whole number from 1 to 100.';
  }
  const given = call.json?.['start_cursor'] ?? call.query.get('start_cursor');
  if (given === null) return { start: 0, size };
  const start = typeof given === 'string' ? positionAt(context, scope, given) : null;
  return start === null ? 'The start_cursor provided is invalid.' : { start, size };
}

export function listReply(
  context: Context,
  kind: string,
  scope: string,
  page: Scan<unknown>,
  more: Readonly<Record<string, unknown>> = {},
): Reply {
  return success({
    object: 'list',
    results: page.found,
    next_cursor: page.next === null ? null : cursorTo(context, scope, page.next),
    has_more: page.next !== null,
    type: kind,
    [kind]: {},
    ...more,
  });
}

/** A cursor that ends by time has the second it was made in before it, and is good with that one only. */
function cursorTo(context: Context, scope: string, position: number): string {
  if (context.settings.notion.cursorLifeSeconds === 0) return cursor.make(scope, position);
  const made = Math.floor(context.now() / 1000).toString(36);
  return `${made}_${cursor.make(`${scope}@${made}`, position)}`;
}

/** `null` for a cursor that is nobody's, another listing's or too old; they are answered alike. */
function positionAt(context: Context, scope: string, given: string): number | null {
  const life = context.settings.notion.cursorLifeSeconds;
  if (life === 0) return cursor.position(scope, given);
  const [made = '', sealed = ''] = given.split('_');
  const age = context.now() / 1000 - Number.parseInt(made, 36);
  return age <= life ? cursor.position(`${scope}@${made}`, sealed) : null;
}
