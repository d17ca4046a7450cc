import { accountOf, type Account } from '../core/accounts.ts';
import { Draw } from '../core/draw.ts';
import { hash53 } from '../core/hash.ts';
import { slackId } from '../core/identifiers.ts';
import { oddityOf, personOf, titleOf } from '../core/names.ts';
import { newestFirst } from '../core/timeline.ts';

export interface SlackTeam extends Account {
  readonly id: string;
  readonly number: string;
  /** Who installs: the first of the users. */
  readonly userId: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly appId: string;
}

export type ChannelKind = 'public_channel' | 'private_channel' | 'mpim' | 'im';

type Json = Readonly<Record<string, unknown>>;

export function slackTeam(seed: string, account: number): SlackTeam {
  const scope = `${seed}/slack/${account}`;
  return {
    ...accountOf(seed, 'slack', account),
    id: slackId.make('T', `${seed}/slack/team`, account),
    number: String(hash53(`${scope}/number`) % 1e12).padStart(12, '1'),
    userId: slackId.make('U', `${scope}/user`, 0),
    botUserId: slackId.make('U', `${scope}/bot`, 0),
    botId: slackId.make('B', `${scope}/bot`, 0),
    appId: slackId.make('A', `${seed}/slack/app`, 0),
  };
}

/** One workspace as pure functions of numbers: `items` conversations of all kinds, `items` users. */
export class SlackData {
  readonly team: SlackTeam;
  readonly items: number;
  readonly scope: string;
  /** The workspace of another company that some channels are shared with. */
  readonly partner: string;

  constructor(seed: string, account: number, items: number) {
    this.scope = `${seed}/slack/${account}`;
    this.items = items;
    this.team = slackTeam(seed, account);
    this.partner = slackId.make('T', `${this.scope}/partner`, 0);
  }

  kindOf(index: number): ChannelKind {
    if (index % 25 === 24) return 'mpim';
    if (index % 10 === 9) return 'im';
    return index % 7 === 6 ? 'private_channel' : 'public_channel';
  }

  /** Whether the token's owner is in it: a bot is in half of the private channels, a person in all they are told of. */
  isMember(index: number, actor: 'bot' | 'user'): boolean {
    const kind = this.kindOf(index);
    if (kind === 'public_channel') return actor === 'user' || index % 3 === 0;
    return kind === 'private_channel' ? actor === 'user' || index % 14 === 6 : true;
  }

  channelId(index: number): string {
    const prefixes = { public_channel: 'C', private_channel: index % 2 === 0 ? 'G' : 'C', mpim: 'G', im: 'D' } as const;
    return slackId.make(prefixes[this.kindOf(index)], `${this.scope}/channel`, index);
  }

  findChannel(id: string): number | null {
    const index = slackId.index('CGD', `${this.scope}/channel`, id);
    return index !== null && index < this.items && this.channelId(index) === id ? index : null;
  }

  /** Whether another company's workspace is in it too ("Slack Connect"). */
  isShared(index: number): boolean {
    return index % 21 === 3 && this.kindOf(index) === 'public_channel';
  }

  /** How many people are in it, the bot apart. */
  memberCount(index: number): number {
    return Math.min(this.items, 1 + new Draw(`${this.scope}/members/${index}`).int(60));
  }

  member(index: number, place: number): string {
    return this.userId((index * 13 + place) % this.items);
  }

  isArchived(index: number): boolean {
    return index % 17 === 16 && this.kindOf(index) !== 'im';
  }

  channel(index: number, actor: 'bot' | 'user'): Json {
    const kind = this.kindOf(index);
    const { createdMs, updatedMs } = newestFirst(`${this.scope}/channel`, index, this.items);
    const created = Math.floor(createdMs / 1000);
    const common = { id: this.channelId(index), created, is_archived: this.isArchived(index), is_org_shared: false };
    if (kind === 'im') {
      const user = this.userId((index * 7) % this.items);
      const isDeleted = this.isDeleted((index * 7) % this.items);
      return { ...common, is_im: true, user, is_user_deleted: isDeleted, priority: 0, updated: updatedMs };
    }
    const name = kind === 'mpim' ? `mpdm-ada--bruno--${index}-1` : this.channelName(index);
    return {
      ...common,
      name,
      name_normalized: name.normalize('NFKD').replace(/[^\p{Letter}\p{Number}_-]/gu, ''),
      is_channel: kind === 'public_channel',
      is_group: kind === 'private_channel',
      is_im: false,
      is_mpim: kind === 'mpim',
      is_private: kind !== 'public_channel',
      is_general: index === 0,
      is_shared: this.isShared(index),
      is_ext_shared: this.isShared(index),
      is_pending_ext_shared: false,
      pending_shared: [],
      is_member: this.isMember(index, actor),
      creator: this.userId(index % this.items),
      unlinked: 0,
      updated: updatedMs,
      topic: { value: titleOf(`${this.scope}/topic`, index) ?? '', creator: this.team.userId, last_set: created },
      purpose: { value: '', creator: '', last_set: 0 },
      previous_names: index % 19 === 18 ? ['old-name'] : [],
      num_members: this.memberCount(index) + (this.isMember(index, 'bot') ? 1 : 0),
      context_team_id: this.team.id,
      ...(this.isShared(index)
        ? { conversation_host_id: this.team.id, shared_team_ids: [this.team.id, this.partner] }
        : {}),
    };
  }

  userId(index: number): string {
    return slackId.make('U', `${this.scope}/user`, index);
  }

  findUser(id: string): number | null {
    const index = slackId.index('U', `${this.scope}/user`, id);
    return index !== null && index < this.items ? index : null;
  }

  isDeleted(index: number): boolean {
    return index % 12 === 11;
  }

  user(index: number, withEmail: boolean): Json {
    const { first, last } = personOf(`${this.scope}/user`, index);
    const realName = index === 0 ? this.team.person : `${first ?? ''} ${last ?? ''}`.trim();
    const isBot = index % 15 === 14;
    const email = index === 0 ? this.team.email : `user-${index}@${this.team.slug}.example`;
    return {
      id: this.userId(index),
      team_id: this.team.id,
      name: isBot ? `helper-${index}` : `user-${index}`,
      deleted: this.isDeleted(index),
      is_bot: isBot,
      is_app_user: false,
      updated: Math.floor(newestFirst(`${this.scope}/user`, index, this.items).updatedMs / 1000),
      profile: {
        real_name: realName,
        display_name: oddityOf(index) === 'missing' ? '' : realName.split(' ')[0],
        title: '',
        phone: '',
        status_text: '',
        status_emoji: '',
        team: this.team.id,
        ...(withEmail && !isBot ? { email } : {}),
      },
      // A deactivated user keeps little more than the name.
      ...(this.isDeleted(index) ? {} : this.rolesOf(index, realName)),
    };
  }

  private rolesOf(index: number, realName: string): Json {
    return {
      real_name: realName,
      tz: 'Europe/Berlin',
      tz_label: 'Central European Time',
      tz_offset: 3600,
      color: '9f69e7',
      is_admin: index === 0,
      is_owner: index === 0,
      is_primary_owner: index === 0,
      is_restricted: index % 18 === 17,
      is_ultra_restricted: false,
    };
  }

  private channelName(index: number): string {
    if (index === 0) return 'general';
    const title = titleOf(`${this.scope}/channel`, index) ?? 'untitled';
    const slug = title.toLowerCase().replace(/[\s"'<>=().,;+&]+/g, '-');
    return `${slug.slice(0, 68).replace(/^-+|-+$/g, '')}-${index}`;
  }
}
