import { scaled, type Context } from '../core/context.ts';
import type { Token } from '../core/grant-rows.ts';
import { bearerToken, type Call, type Reply } from '../core/message.ts';
import { NotionData, type PageRef } from './data.ts';
import { notionError, validationError } from './errors.ts';
import { versionOf, type NotionVersion } from './versions.ts';

const WINDOW_MS = 60_000;
const PER_CONNECTION = 180;

/** A call whose token and version are good, with what its workspace has. */
export interface Granted {
  readonly call: Call;
  readonly token: Token;
  readonly version: NotionVersion;
  readonly data: NotionData;
}

export function withToken(context: Context, call: Call, handle: (granted: Granted) => Reply): Reply {
  const token = context.grants.findToken('notion', bearerToken(call) ?? '');
  // Expired, revoked and removed look alike.
  if (token?.kind !== 'access' || token.status !== 'live') {
    return notionError(401, 'unauthorized', 'API token is invalid.');
  }
  const header = call.headers['notion-version'];
  if (header === undefined) {
    return notionError(400, 'missing_version', 'Notion-Version header failed validation: it should be defined.');
  }
  const version = versionOf(header);
  if (version === null) return validationError('Notion-Version header failed validation: it is no known version.');
  if (call.method === 'POST' && call.bodyLength > 0 && call.json === null) {
    return notionError(400, 'invalid_json', 'Error parsing JSON body.');
  }
  const { seed, items } = context.settings;
  return (
    overLimit(context, token) ??
    handle({ call, token, version, data: new NotionData(seed, token.grant.account, items) })
  );
}

/** The page of an id, unless the user has taken it out of the connection. */
export function sharedPage(context: Context, { data }: Granted, id: string): PageRef | null {
  const found = data.findPage(id);
  return found === null || context.settings.notion.unsharedPages.includes(data.pageId(found)) ? null : found;
}

/** A 60 s window per connection, and one per workspace that all its connections share. */
function overLimit(context: Context, token: Token): Reply | null {
  if (!context.settings.rateLimits) return null;
  const { clientId, account } = token.grant;
  const connection = { max: scaled(context, PER_CONNECTION), windowMs: WINDOW_MS };
  const ofConnection = context.limiter.take(`notion/${clientId}/${account}`, connection);
  if (!ofConnection.allowed) {
    return limited(context, 'public_api_request_rate_limit', ofConnection.retryAfterSeconds);
  }
  const workspace = { max: scaled(context, context.settings.notion.workspacePerMinute), windowMs: WINDOW_MS };
  const ofWorkspace = context.limiter.take(`notion/${account}`, workspace);
  return ofWorkspace.allowed
    ? null
    : limited(context, 'public_api_space_request_rate_limit', ofWorkspace.retryAfterSeconds);
}

function limited(context: Context, reason: string, retryAfterSeconds: number): Reply {
  context.stats.count('notion', 'rate_limit_breaches');
  const seconds = String(retryAfterSeconds);
  const more = { additional_data: { rate_limit_reason: reason, retry_after: seconds } };
  const reply = notionError(429, 'rate_limited', 'You have been rate limited. Please try again later.', more);
  return { ...reply, headers: { ...reply.headers, 'retry-after': seconds } };
}
