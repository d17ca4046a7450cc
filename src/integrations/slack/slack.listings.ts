import { PatchbayError } from '../../errors/patchbay-error.ts';
import { PositionExpired } from '../../items/item-source.ts';
import { text } from '../../items/provider-values.ts';

type Json = Readonly<Record<string, unknown>>;

/*
 * How a load names Slack's listings in its cursors. A channel's listing says its workspace and its name as well, so that
 * messages have them without another call, whichever process goes on: "C012AB3CD T012AB3C4 general", or "-" for a workspace
 * that isn't known. A thread's: "C012AB3CD/1512085950.000216 T012AB3C4".
 */

/** One channel's messages. */
export interface ChannelListing {
  readonly channel: string;
  readonly team: string | null;
  readonly name: string | null;
}

/** The replies to one message. */
export interface ThreadListing {
  readonly channel: string;
  readonly team: string | null;
  readonly thread: string;
}

/** Slack's own limit for the name of a channel. */
const MAX_NAME_LENGTH = 80;
const ID = /^[A-Z0-9]{2,32}$/;
const TS = /^\d{1,12}\.\d{6}$/;
const CHANNEL_LISTING = /^([A-Z0-9]{2,32}) ([A-Z0-9]{2,32}|-)(?: (.+))?$/su;
const THREAD_LISTING = /^([A-Z0-9]{2,32})\/(\d{1,12}\.\d{6}) ([A-Z0-9]{2,32}|-)$/;
const POSITION = /^(\d{1,12}\.\d{6})?(?: (.+))?$/su;

/** An id of Slack's. @returns undefined for what looks like none */
export function slackId(value: unknown): string | undefined {
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}

/** A message's `ts`: seconds and microseconds, and its id within the channel. @returns undefined for anything else */
export function slackTs(value: unknown): string | undefined {
  return typeof value === 'string' && TS.test(value) ? value : undefined;
}

/** @returns undefined for a channel without a usable id */
export function channelListing(channel: Json): string | undefined {
  const id = slackId(channel['id']);
  if (id === undefined) return undefined;
  const name = text(channel['name']);
  const named = name === undefined || name.length > MAX_NAME_LENGTH ? '' : ` ${name}`;
  return `${id} ${slackId(channel['context_team_id']) ?? '-'}${named}`;
}

export function threadListing({ channel, team }: ChannelListing, thread: string): string {
  return `${channel}/${thread} ${team ?? '-'}`;
}

/** @throws PatchbayError `cursor_invalid` */
export function readListing(listing: string): ChannelListing | ThreadListing {
  const [, threadChannel, thread, threadTeam] = THREAD_LISTING.exec(listing) ?? [];
  if (threadChannel !== undefined && thread !== undefined)
    return { channel: threadChannel, thread, team: known(threadTeam) };
  const [, channel, team, name] = CHANNEL_LISTING.exec(listing) ?? [];
  if (channel !== undefined) return { channel, team: known(team), name: name ?? null };
  throw new PatchbayError('cursor_invalid', 'The cursor names a listing that Slack has not. Load from the start.');
}

const known = (team: string | undefined): string | null => (team === undefined || team === '-' ? null : team);

/**
 * Where a stretch of messages goes on: beyond a message, whose time never gets too old, and by Slack's cursor only from
 * a page that had no message to go on from.
 */
export interface MessagePosition {
  readonly ts?: string | undefined;
  readonly cursor?: string | undefined;
}

export function writePosition({ ts = '', cursor }: MessagePosition): string {
  return cursor === undefined ? ts : `${ts} ${cursor}`;
}

/** @throws PositionExpired for what no page of ours gave */
export function readPosition(position: string | undefined): MessagePosition {
  if (position === undefined) return {};
  const [read, ts, cursor] = POSITION.exec(position) ?? [];
  if (read === undefined || read === '') throw new PositionExpired('Not a position among messages.');
  return { ts, cursor };
}
