import type { Context } from '../core/context.ts';
import { json, type Reply } from '../core/message.ts';
import type { Route } from '../core/route.ts';
import { airtableError, invalidPermissions } from './errors.ts';
import { grantedBase, withToken, type Granted } from './granted.ts';
import { overLimit } from './limits.ts';
import { makeOffset, positionOf } from './offsets.ts';
import { recordRoutes } from './records.ts';

/** https://airtable.com/developers/web/api: identity, bases, schema, records and comments. Webhooks are still to come. */
export function apiRoutes(context: Context): Route[] {
  const route = (path: string, scope: string | null, handle: (granted: Granted) => Reply): Route => ({
    method: 'GET',
    path,
    kind: 'api',
    handle: (call) => withToken(context, call, scope, handle),
  });
  return [
    route('/v0/meta/whoami', null, whoami),
    route('/v0/meta/bases', 'schema.bases:read', (granted) => listBases(context, granted)),
    route('/v0/meta/bases/{id}/tables', 'schema.bases:read', (granted) => listTables(context, granted)),
    ...recordRoutes(context),
  ];
}

function whoami({ token, data }: Granted): Reply {
  return json(200, {
    id: data.user.id,
    scopes: token.scopes,
    ...(token.scopes.includes('user.email:read') ? { email: data.user.email } : {}),
  });
}

function listBases(context: Context, { call, data }: Granted): Reply {
  const { basesPageSize, removedBases } = context.settings.airtable;
  const scope = `${data.user.id}/bases`;
  const start = positionOf(context, scope, call.query.get('offset'));
  if (start === null) return airtableError(422, 'INVALID_OFFSET_VALUE', 'The offset is not valid any more.');
  const all = data.sizes.bases;
  const end = Math.min(all, start + basesPageSize);
  const bases = [];
  for (let index = start; index < end; index++) {
    if (!removedBases.includes(index)) bases.push(data.base(index));
  }
  return json(200, { bases, ...(end < all ? { offset: makeOffset(context, scope, end) } : {}) });
}

function listTables(context: Context, granted: Granted): Reply {
  const { call, data, token } = granted;
  const id = call.params['id'] ?? '';
  const index = grantedBase(context, granted, id);
  if (index === null) return invalidPermissions();
  const limited = overLimit(context, token, id);
  if (limited) return limited;
  const withFields = call.query.getAll('include').includes('visibleFieldIds');
  const tables = data.tables(index).map((table) => ({
    ...table,
    views: table.views.map((view) =>
      withFields && view.type === 'grid' ? { ...view, visibleFieldIds: table.fields.map((field) => field.id) } : view,
    ),
  }));
  return json(200, { tables });
}
