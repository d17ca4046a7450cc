import { Draw } from '../core/draw.ts';
import { hash53 } from '../core/hash.ts';

/** When the messages of one conversation were sent, 0 the newest. */
export interface Timeline {
  readonly scope: string;
  readonly count: number;
  /** Seconds from one message to the next, of which at most a quarter is by chance. */
  readonly step: number;
  /** When the newest was sent at the latest, in seconds. */
  readonly newest: number;
  ts(index: number): string;
}

export interface Reply {
  /** Its place in the thread, from 0. */
  readonly number: number;
  readonly ts: string;
  /** Whether it was sent to the channel as well. */
  readonly isBroadcast: boolean;
}

/** The thread that a message of a channel replies to, when it is such a reply; `null` for any other. */
export function broadcastOf(messages: Timeline, index: number): { thread: number; reply: Reply } | null {
  const thread = index + 3;
  if (index % 16 !== 9 || thread >= messages.count) return null;
  const reply = repliesTo(messages, thread).find(({ isBroadcast }) => isBroadcast);
  return reply === undefined ? null : { thread, reply };
}

/**
 * The replies to a message, oldest first: up to three right after it, in some threads one that came very much later, and
 * in some one that was sent to the channel as well, where it stands three messages on.
 */
export function repliesTo(messages: Timeline, index: number): readonly Reply[] {
  if (index % 16 === 9 && index + 3 < messages.count) return [];
  const second = Number(messages.ts(index).split('.')[0]);
  const gap = Math.floor(messages.step / 8);
  const soon = Array.from({ length: soonReplies(messages, index) }, (_, number) => {
    return { number, ts: tsOf(second + (number + 1) * gap, index, number), isBroadcast: false };
  });
  const broadcast = { number: 2, ts: messages.ts(index - 3), isBroadcast: true };
  const lateSecond = messages.newest - (hash53(`${messages.scope}/late/${index}`) % 86_400);
  const late = { number: 3, ts: tsOf(Math.max(lateSecond, second + messages.step), index, 3), isBroadcast: false };
  return [...soon, ...(index % 16 === 12 ? [broadcast] : []), ...(index % 20 === 13 && index > 20 ? [late] : [])].sort(
    (one, other) => Number(one.ts) - Number(other.ts),
  );
}

/** What is left of a message that was replied to, and deleted. */
export function isTombstone(index: number): boolean {
  return index % 29 === 20;
}

function soonReplies(messages: Timeline, index: number): number {
  if (isTombstone(index)) return 2;
  return index % 5 === 0 ? 1 + new Draw(`${messages.scope}/replies/${index}`).int(2) : 0;
}

/** Never one of a message in the channel, whose microseconds are fewer. */
function tsOf(second: number, index: number, number: number): string {
  return `${second}.${String(500_000 + ((index * 4 + number) % 500_000))}`;
}
