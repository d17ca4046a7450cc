import { Draw } from '../core/draw.ts';
import { slackId } from '../core/identifiers.ts';
import { oddityOf, titleOf } from '../core/names.ts';
import type { SlackData } from './data.ts';

type Json = Readonly<Record<string, unknown>>;

const KINDS = [
  { extension: 'png', mimetype: 'image/png', pretty: 'PNG' },
  { extension: 'pdf', mimetype: 'application/pdf', pretty: 'PDF' },
  { extension: 'csv', mimetype: 'text/csv', pretty: 'CSV' },
] as const;

export interface FileOwner {
  readonly scope: string;
  readonly ts: string;
  /** The number of its first file, in its conversation. */
  readonly file: number;
}

/** The files of a message, one or two, as the messages of conversations.history show them. */
export function filesOf(data: SlackData, user: string, isPublic: boolean, owner: FileOwner): readonly Json[] {
  const numbers = owner.file % 5 === 1 ? [owner.file, owner.file + 1] : [owner.file];
  return numbers.map((number) => file(data, user, isPublic, owner, number));
}

function file(data: SlackData, user: string, isPublic: boolean, { scope, ts }: FileOwner, number: number): Json {
  const id = slackId.make('F', `${scope}/file`, number);
  // Of a file that was deleted, or that the workspace's plan hides, little is told.
  if (number % 11 === 3) return { id, mode: 'tombstone' };
  if (number % 13 === 4) return { id, mode: 'hidden_by_limit' };
  const kind = new Draw(`${scope}/file/${number}`).pick(KINDS);
  const { team } = data;
  const title = oddityOf(number) === 'missing' ? null : titleOf(scope, number);
  const name = `${(title ?? 'image').slice(0, 80)}.${kind.extension}`;
  const seconds = Number(ts.split('.')[0]) - 5;
  const below = `${team.id}-${id}`;
  return {
    id,
    created: seconds,
    timestamp: seconds,
    name,
    title: title ?? name,
    mimetype: kind.mimetype,
    filetype: kind.extension,
    pretty_type: kind.pretty,
    user,
    user_team: team.id,
    editable: false,
    size: 1000 + (number % 90_000),
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: isPublic,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: `https://files.slack.com/files-pri/${below}/${encodeURIComponent(name)}`,
    url_private_download: `https://files.slack.com/files-pri/${below}/download/${encodeURIComponent(name)}`,
    permalink: `https://${team.slug}.slack.com/files/${user}/${id}/${encodeURIComponent(name)}`,
    permalink_public: `https://slack-files.com/${below}-0a1b2c3d4e`,
    has_rich_preview: false,
    file_access: 'visible',
  };
}
