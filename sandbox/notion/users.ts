import type { Context } from '../core/context.ts';
import { uuid } from '../core/identifiers.ts';
import type { Reply } from '../core/message.ts';
import { personOf } from '../core/names.ts';
import { botId, ownerOf } from './account.ts';
import { objectNotFound, restrictedResource, success, validationError } from './errors.ts';
import type { Granted } from './granted.ts';
import { listReply, pageRequest } from './paging.ts';

const MAX_PEOPLE = 250;

type Members = Readonly<Record<string, unknown>>;

export function me(context: Context, granted: Granted): Reply {
  return success(bot(context, granted));
}

export function listUsers(context: Context, granted: Granted): Reply {
  if (context.settings.notion.missingCapabilities.includes('read_users')) return restrictedResource();
  const scope = `${granted.data.scope}/users`;
  const request = pageRequest(context, granted.call, scope);
  if (typeof request === 'string') return validationError(request);
  const people = Math.min(MAX_PEOPLE, granted.data.items);
  const end = Math.min(people + 1, request.start + request.size);
  const found: Members[] = [];
  for (let index = request.start; index < end; index++) {
    found.push(index === people ? bot(context, granted) : person(granted, index));
  }
  return listReply(context, 'user', scope, { found, next: end <= people ? end : null });
}

export function oneUser(context: Context, granted: Granted): Reply {
  if (context.settings.notion.missingCapabilities.includes('read_users')) return restrictedResource();
  const { data, call } = granted;
  const id = call.params['id'] ?? '';
  if (id === data.account.userId) return success(owner(granted));
  const index = uuid.index(`${data.scope}/user`, id);
  if (index !== null && index < Math.min(MAX_PEOPLE, data.items)) return success(person(granted, index));
  const self = bot(context, granted);
  return self['id'] === id ? success(self) : objectNotFound('user', id);
}

function bot(context: Context, { data, token }: Granted): Members {
  return {
    object: 'user',
    id: botId(context.settings.seed, token.grant.clientId, token.grant.account),
    name: token.grant.clientId,
    avatar_url: null,
    type: 'bot',
    bot: {
      owner: ownerOf(data.account),
      workspace_id: data.account.workspaceId,
      workspace_name: data.account.company,
      workspace_limits: { max_file_upload_size_in_bytes: 5_242_880 },
    },
  };
}

function owner({ data }: Granted): Members {
  return ownerOf(data.account)['user'] as Members;
}

/** The owner is the first; somebody now and then has no name. */
function person(granted: Granted, index: number): Members {
  if (index === 0) return owner(granted);
  const { scope, account } = granted.data;
  const { first, last } = personOf(`${scope}/users`, index);
  return {
    object: 'user',
    id: uuid.make(`${scope}/user`, index),
    name: first === null ? null : `${first} ${last ?? ''}`.trim(),
    avatar_url: null,
    type: 'person',
    person: { email: `user-${index}@${account.slug}.example`, email_verified: index % 5 !== 0 },
  };
}
