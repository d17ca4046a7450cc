import { Draw } from '../core/draw.ts';
import { hash53 } from '../core/hash.ts';
import { titleOf } from '../core/names.ts';
import { newestFirst } from '../core/timeline.ts';
import type { SlackData } from './data.ts';
import { filesOf, type FileOwner } from './files.ts';
import { escaped, richText } from './text.ts';
import { broadcastOf, isTombstone, repliesTo, type Reply, type Timeline } from './threads.ts';

type Json = Readonly<Record<string, unknown>>;

const SPAN_SECONDS = 4 * 365 * 24 * 3600;

/** The messages of one conversation as pure functions of numbers, 0 the newest. */
export class SlackMessages implements Timeline {
  readonly data: SlackData;
  readonly scope: string;
  readonly channel: number;
  /** As many as there are items in the first channel, for whoever wants many; a few in each of the others. */
  readonly count: number;
  readonly step: number;
  readonly newest: number;

  constructor(data: SlackData, channel: number) {
    this.data = data;
    this.channel = channel;
    this.scope = `${data.scope}/messages/${channel}`;
    this.count = channel === 0 ? data.items : new Draw(this.scope).int(Math.min(data.items, 12) + 1);
    this.step = Math.floor(Math.min(37 * 60, SPAN_SECONDS / Math.max(1, this.count)));
    this.newest = Math.floor(newestFirst(this.scope, 0, 1).updatedMs / 1000) - ((channel * 41) % 5000);
  }

  /** Its time, which is its id in the channel: seconds and microseconds. */
  ts(index: number): string {
    const chance = hash53(`${this.scope}/ts/${index}`);
    const second = this.newest - index * this.step - (chance % Math.floor(this.step / 4));
    return `${second}.${String(100_000 + (chance % 400_000))}`;
  }

  /** The newest message that is older than `ts`, or as old where that is `inclusive`; `count` when there is none. */
  firstBefore(ts: string, inclusive: boolean): number {
    const time = Number(ts);
    let index = Math.min(this.count, Math.max(0, Math.floor((this.newest - time) / this.step) - 2));
    while (index < this.count && (inclusive ? Number(this.ts(index)) > time : Number(this.ts(index)) >= time)) index++;
    return index;
  }

  find(ts: string): number | null {
    const index = this.firstBefore(ts, true);
    return index < this.count && this.ts(index) === ts ? index : null;
  }

  /** As conversations.history shows it: replies only where they were sent to the channel as well. */
  message(index: number): Json {
    const broadcast = broadcastOf(this, index);
    if (broadcast !== null) return this.reply(broadcast.thread, broadcast.reply);
    return { ...this.#said(index), ...this.#threadOf(index) };
  }

  reply(thread: number, { ts, number, isBroadcast }: Reply): Json {
    const owner = { scope: `${this.scope}/${thread}/${number}`, ts, file: (thread * 4 + number) * 2 };
    const text = this.#textOf(`${this.scope}/reply/${thread}`, thread * 4 + number);
    return {
      ...this.#spoken(thread * 4 + number + 1, ts, text),
      ...(isBroadcast ? { subtype: 'thread_broadcast', root: this.message(thread) } : {}),
      thread_ts: this.ts(thread),
      parent_user_id: this.#userOf(thread),
      ...(number === 0 && thread % 10 === 5 ? { files: this.#files(owner, thread) } : {}),
    };
  }

  #said(index: number): Json {
    const ts = this.ts(index);
    const user = this.#userOf(index);
    if (isTombstone(index)) {
      const text = 'This message was deleted.';
      return { type: 'message', subtype: 'tombstone', user: 'USLACKBOT', text, hidden: true, ts };
    }
    if (index % 13 === 12) {
      return { type: 'message', subtype: 'channel_join', user, text: `<@${user}> has joined the channel`, ts };
    }
    const text = this.#textOf(`${this.scope}/text`, index);
    if (index % 17 === 5) {
      const { botId } = this.data.team;
      return { type: 'message', subtype: 'bot_message', username: 'Deploys', bot_id: botId, text, ts };
    }
    const isEdited = index % 9 === 4;
    const edited = { user, ts: `${Number(ts.split('.')[0]) + 60}.000000` };
    // A file that is shared again is the one of an older message.
    const shared = index % 24 === 14 && index + 12 < this.count ? index + 12 : index;
    const owner = { scope: `${this.scope}/${shared}`, ts: this.ts(shared), file: shared * 8 };
    return {
      ...this.#spoken(index, ts, text),
      ...(isEdited ? { edited } : {}),
      ...(text === '' ? { attachments: [{ id: 1, color: '36a64f', fallback: 'Build 41 passed' }] } : {}),
      ...(index % 6 === 2 ? { files: this.#files(owner, shared), upload: false } : {}),
      ...(index % 8 === 1 ? { reactions: [{ name: 'tada', users: [user], count: 1 }] } : {}),
    };
  }

  #spoken(index: number, ts: string, text: string): Json {
    const { team, partner } = this.data;
    const isForeign = this.data.isShared(this.channel) && index % 3 === 1;
    return {
      client_msg_id: `${hash53(`${this.scope}/${ts}`).toString(16).padStart(14, '0')}-4a11-b0b0-c0ffee`,
      type: 'message',
      user: this.#userOf(index),
      text,
      ts,
      team: isForeign ? partner : team.id,
      ...(isForeign ? { user_team: partner, source_team: partner } : {}),
      ...(text === '' ? {} : { blocks: richText(this.scope, index, text) }),
    };
  }

  #threadOf(index: number): Json {
    const replies = repliesTo(this, index);
    const latest = replies.at(-1);
    if (latest === undefined) return {};
    const users = [...new Set(replies.map(({ number }) => this.#userOf(index * 4 + number + 1)))];
    return {
      thread_ts: this.ts(index),
      reply_count: replies.length,
      reply_users_count: users.length,
      latest_reply: latest.ts,
      reply_users: users,
      is_locked: false,
      subscribed: false,
    };
  }

  #files(owner: FileOwner, index: number): readonly Json[] {
    return filesOf(this.data, this.#userOf(index), this.data.kindOf(this.channel) === 'public_channel', owner);
  }

  #textOf(scope: string, index: number): string {
    const title = escaped(titleOf(scope, index) ?? '');
    return index % 7 === 3 && title !== '' ? `<@${this.#userOf(index + 2)}> ${title}\nWhat do you think?` : title;
  }

  #userOf(index: number): string {
    return this.data.userId((index * 5 + this.channel) % Math.max(1, this.data.items));
  }
}
