import type { Context } from '../core/context.ts';
import { json, wholeNumber, type Reply } from '../core/message.ts';
import { personOf } from '../core/names.ts';
import type { Route } from '../core/route.ts';
import { iso, oldestFirst } from '../core/timeline.ts';
import { hubspotError } from './errors.ts';
import { withToken, type Granted } from './granted.ts';

/** An account has no more owners than this, however many records it has. */
const MAX_OWNERS = 250;

export function ownerRoutes(context: Context): Route[] {
  return [
    {
      method: 'GET',
      path: '/crm/v3/owners',
      kind: 'api',
      handle: (call) => withToken(context, call, ['crm.objects.owners.read'], listOwners),
    },
  ];
}

function listOwners({ call, data }: Granted): Reply {
  const limit = wholeNumber(call.query.get('limit') ?? '100', 1, 500);
  const count = Math.min(MAX_OWNERS, data.items);
  const start = wholeNumber(call.query.get('after') || '0', 0, count);
  if (limit === null || start === null) return hubspotError(400, 'VALIDATION_ERROR', 'limit or after is not valid.');
  const archived = call.query.get('archived') === 'true';
  const email = call.query.get('email');
  const end = Math.min(count, start + limit);
  const results = [];
  for (let index = start; index < end; index++) {
    const owner = ownerAt(data, index);
    if (owner.archived === archived && (email === null || owner.email === email)) results.push(owner);
  }
  return json(200, { results, ...(end < count ? { paging: { next: { after: String(end) } } } : {}) });
}

function ownerAt(data: Granted['data'], index: number) {
  const scope = `${data.account.hubId}/owner`;
  const { first, last } = personOf(scope, index);
  const { createdMs, updatedMs } = oldestFirst(scope, index, MAX_OWNERS);
  const isLeft = index % 13 === 12;
  return {
    id: String(70_000 + index),
    email: `owner-${index}@${data.account.hubDomain}`,
    type: 'PERSON',
    firstName: first ?? '',
    lastName: last ?? '',
    userId: isLeft ? null : data.account.userId + index,
    userIdIncludingInactive: data.account.userId + index,
    createdAt: iso(createdMs),
    updatedAt: iso(updatedMs),
    archived: isLeft,
  };
}
