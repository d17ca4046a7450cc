import { Draw } from '../core/draw.ts';
import { airtableId } from '../core/identifiers.ts';
import { json, wholeNumber, type Reply } from '../core/message.ts';
import { personOf, titleOf } from '../core/names.ts';
import { iso } from '../core/timeline.ts';
import type { AirtableData, AirtableUser, TableSpot } from './data.ts';
import { airtableError } from './errors.ts';

const HOUR_MS = 3_600_000;

/** How many comments a record has: none mostly, two at most. */
export function commentCount({ scope }: TableSpot, recordIndex: number): number {
  const draw = new Draw(`${scope}/comments/${recordIndex}`);
  return draw.oneIn(3) ? 1 + draw.int(2) : 0;
}

export interface CommentPage {
  readonly start: number;
  readonly pageSize: string | null;
  readonly offsetOf: (position: number) => string;
}

/** https://airtable.com/developers/web/api/list-comments: the newest first; `offset` is null on the last page. */
export function commentPage(data: AirtableData, spot: TableSpot, recordIndex: number, page: CommentPage): Reply {
  const pageSize = wholeNumber(page.pageSize ?? '100', 1, 100);
  if (pageSize === null) return airtableError(422, 'INVALID_REQUEST_UNKNOWN', "The sandbox can't use this pageSize.");
  const count = commentCount(spot, recordIndex);
  const end = Math.min(count, page.start + pageSize);
  const comments = [];
  for (let place = page.start; place < end; place++) {
    comments.push(comment(data, spot, recordIndex, count - 1 - place));
  }
  return json(200, { comments, offset: end < count ? page.offsetOf(end) : null });
}

/** @param index 0 is the oldest, to which the next one replies */
function comment(data: AirtableData, spot: TableSpot, recordIndex: number, index: number) {
  const scope = `${spot.scope}/${recordIndex}`;
  const draw = new Draw(`${scope}/comment/${index}`);
  const createdMs = data.times(spot, recordIndex).createdMs + (1 + index * 24 + draw.int(20)) * HOUR_MS;
  const says = titleOf(`${scope}/comment`, recordIndex + index) ?? 'OK';
  const isMention = draw.oneIn(3);
  return {
    id: airtableId.make('com', scope, index),
    createdTime: iso(createdMs),
    // Null until it is edited.
    lastUpdatedTime: draw.oneIn(4) ? iso(createdMs + HOUR_MS) : null,
    text: isMention ? `@[${data.user.id}] ${says}` : says,
    author: draw.oneIn(2) ? userOf(data.user) : someone(scope, index),
    ...(isMention ? { mentioned: { [data.user.id]: mention(data.user) } } : {}),
    ...(index > 0 ? { parentCommentId: airtableId.make('com', scope, index - 1) } : {}),
  };
}

function userOf({ id, email, person }: AirtableUser) {
  return { id, email, name: person };
}

function mention({ id, email, person }: AirtableUser) {
  return { type: 'user', id, email, displayName: person };
}

/** Somebody else in the base, who may have told no name. */
function someone(scope: string, index: number) {
  const { first, last } = personOf(scope, index);
  return {
    id: airtableId.make('usr', scope, index),
    email: `person-${index}@example.test`,
    ...(first === null ? {} : { name: `${first} ${last ?? ''}`.trim() }),
  };
}
