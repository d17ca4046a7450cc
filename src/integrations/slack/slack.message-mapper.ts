import { integrationItem, type IntegrationItem } from '../../items/integration-item.ts';
import { object, objects, text, timeFromSeconds, webUrl } from '../../items/provider-values.ts';
import { slackId, slackTs } from './slack.listings.ts';
import { messageName } from './slack.message-name.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where messages are, as far as they don't say it themselves. */
export interface Place {
  readonly channel: string;
  readonly team: string | null;
  /** Where the workspace's links begin. */
  readonly workspaceUrl?: string | undefined;
}

/** What an item is in: the channel of a message, the message that is replied to, or that a file came with. */
export interface Parent {
  readonly id: string;
  readonly name: string | null;
}

/** A `ts` is unique in its channel alone. */
export function messageId(channel: string, ts: string): string {
  return `${channel}/${ts}`;
}

/** A reply that was sent to the channel as well (`thread_broadcast`) stands in both; it is a reply, wherever it is met. */
export function isReply(message: Json): boolean {
  const thread = slackTs(message['thread_ts']);
  return thread !== undefined && thread !== message['ts'];
}

export function isThread(message: Json): boolean {
  const { reply_count: replies } = message;
  return typeof replies === 'number' && replies > 0 && !isReply(message);
}

/** @returns undefined for what has no usable id */
export function messageItem(message: Json, place: Place, parent: Parent): IntegrationItem | undefined {
  return itemOf('message', message, place, parent);
}

/** @param parent the message it replies to, or rather its id: `C…/ts` */
export function replyItem(message: Json, place: Place, parent: Parent): IntegrationItem | undefined {
  return itemOf('reply', message, place, parent);
}

function itemOf(type: 'message' | 'reply', message: Json, place: Place, parent: Parent): IntegrationItem | undefined {
  const ts = slackTs(message['ts']);
  if (ts === undefined) return undefined;
  const sent = timeFromTs(ts);
  // What is left of a deleted message that was replied to.
  const isDeleted = message['subtype'] === 'tombstone';
  return integrationItem({
    id: messageId(place.channel, ts),
    type,
    directory: isThread(message) || objects(message['files']).length > 0,
    parent_id: parent.id,
    parent_path_or_name: parent.name,
    name: messageName(message),
    creation_time: sent,
    last_modified_time: timeFromTs(object(message['edited'])['ts']) ?? sent,
    url: permalink(place, ts, isReply(message) ? slackTs(message['thread_ts']) : undefined),
    drive_id: place.team,
    delta: isDeleted ? 'deleted' : null,
    visibility: !isDeleted && message['hidden'] !== true,
  });
}

/**
 * The files of one message. A file that is shared again is with another message, so its id says which: `C…/ts/F…`. Its
 * time of change is when it was shared, since a file may be much older than the message it newly came with.
 */
export function fileItems(message: Json, place: Place): readonly IntegrationItem[] {
  const ts = slackTs(message['ts']);
  if (ts === undefined) return [];
  const parent = { id: messageId(place.channel, ts), name: messageName(message) };
  const items = objects(message['files']).map((file) => fileItem(file, ts, place, parent));
  return [...new Map(items.filter((item) => item !== undefined).map((item) => [item.id, item])).values()];
}

function fileItem(file: Json, ts: string, place: Place, parent: Parent): IntegrationItem | undefined {
  const id = slackId(file['id']);
  if (id === undefined) return undefined;
  const isDeleted = file['mode'] === 'tombstone';
  return integrationItem({
    id: `${parent.id}/${id}`,
    type: 'file',
    parent_id: parent.id,
    parent_path_or_name: parent.name,
    name: text(file['name']) ?? text(file['title']) ?? null,
    creation_time: timeFromSeconds(file['created']) ?? timeFromSeconds(file['timestamp']),
    last_modified_time: timeFromTs(ts),
    url: webUrl(file['permalink']),
    mime_type: text(file['mimetype']) ?? null,
    drive_id: place.team,
    delta: isDeleted ? 'deleted' : null,
    // A workspace without a plan hides what is old or too much.
    visibility: !isDeleted && file['mode'] !== 'hidden_by_limit',
  });
}

function timeFromTs(value: unknown): string | null {
  const ts = slackTs(value);
  return ts === undefined ? null : timeFromSeconds(Number(ts));
}

/** As chat.getPermalink makes them, which would be a call for each message. */
function permalink({ channel, workspaceUrl }: Place, ts: string, thread: string | undefined): string | null {
  if (workspaceUrl === undefined) return null;
  const url = new URL(`/archives/${encodeURIComponent(channel)}/p${ts.replace('.', '')}`, workspaceUrl);
  if (thread !== undefined) url.search = new URLSearchParams({ thread_ts: thread, cid: channel }).toString();
  return url.href;
}
