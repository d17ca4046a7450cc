import { cursor } from '../core/identifiers.ts';
import type { Call, Reply } from '../core/message.ts';
import type { Scan } from '../core/scan.ts';
import { success } from './errors.ts';

export interface PageRequest {
  readonly start: number;
  readonly size: number;
}

/** `start_cursor` and `page_size` from body or query; a text says what is wrong with them. */
export function pageRequest(call: Call, scope: string): PageRequest | string {
  const size = call.json?.['page_size'] ?? Number(call.query.get('page_size') ?? 100);
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > 100) {
    return 'body failed validation: body.page_size should be a whole number from 1 to 100.';
  }
  const given = call.json?.['start_cursor'] ?? call.query.get('start_cursor');
  if (given === null) return { start: 0, size };
  const start = typeof given === 'string' ? cursor.position(scope, given) : null;
  return start === null ? 'The start_cursor provided is invalid.' : { start, size };
}

export function listReply(
  kind: string,
  scope: string,
  page: Scan<unknown>,
  more: Readonly<Record<string, unknown>> = {},
): Reply {
  return success({
    object: 'list',
    results: page.found,
    next_cursor: page.next === null ? null : cursor.make(scope, page.next),
    has_more: page.next !== null,
    type: kind,
    [kind]: {},
    ...more,
  });
}
