import { integrationItem, type IntegrationItem } from '../../items/integration-item.ts';
import { object, text, time, timeFromSeconds } from '../../items/provider-values.ts';

type Json = Readonly<Record<string, unknown>>;

/** @returns undefined for what has no usable id */
export function channelItem(channel: Json): IntegrationItem | undefined {
  const id = text(channel['id']);
  if (id === undefined) return undefined;
  return integrationItem({
    id,
    type: 'channel',
    directory: true,
    name: text(channel['name']) ?? null,
    creation_time: timeFromSeconds(channel['created']),
    last_modified_time: timeFromMilliseconds(channel['updated']),
    url: channelUrl(id, text(channel['context_team_id'])),
    drive_id: text(channel['context_team_id']) ?? null,
    visibility: channel['is_archived'] !== true,
  });
}

/** @returns undefined for what has no usable id */
export function userItem(user: Json): IntegrationItem | undefined {
  const id = text(user['id']);
  if (id === undefined) return undefined;
  const profile = object(user['profile']);
  const names = [user['real_name'], profile['real_name'], profile['display_name'], user['name']];
  return integrationItem({
    id,
    type: 'user',
    name: names.map(text).find(Boolean) ?? null,
    last_modified_time: timeFromSeconds(user['updated']),
    drive_id: text(user['team_id']) ?? null,
    visibility: user['deleted'] !== true,
  });
}

/** The account of a grant: the workspace, the organisation, or, for a grant without a bot, one person's in it. */
export function slackAccount(grant: Json): { readonly id: string | undefined; readonly name: unknown } {
  const place = object(grant['is_enterprise_install'] === true ? grant['enterprise'] : grant['team']);
  const placeId = text(place['id']);
  const userId = text(object(grant['authed_user'])['id']);
  const isPersonal = text(grant['bot_user_id']) === undefined && userId !== undefined;
  return { id: isPersonal && placeId !== undefined ? `${placeId}:${userId}` : placeId, name: place['name'] };
}

/** Slack counts a channel's `updated` in milliseconds, and everything else in seconds. */
function timeFromMilliseconds(value: unknown): string | null {
  return typeof value === 'number' && value > 0 ? time(value) : null;
}

/** "Deep linking": opens the channel in whichever client the reader uses. */
function channelUrl(channel: string, team: string | undefined): string | null {
  if (team === undefined) return null;
  return `https://slack.com/app_redirect?${new URLSearchParams({ team, channel }).toString()}`;
}
