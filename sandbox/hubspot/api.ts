import { randomUUID } from 'node:crypto';
import type { Context } from '../core/context.ts';
import { empty, json, wholeNumber, type Call, type Reply } from '../core/message.ts';
import type { Route } from '../core/route.ts';
import { scan } from '../core/scan.ts';
import { associationRoutes, associationsBeside } from './associations.ts';
import { hubspotError, notFound } from './errors.ts';
import { mayRead, missingScopes, takeSearch, withToken, type Granted } from './granted.ts';
import { namesOf, OBJECT_TYPES, typeNamed, type ObjectType } from './object-types.ts';
import { ownerRoutes } from './owners.ts';
import { searchObjects } from './search.ts';

/** Identity, CRM listings, searches, associations and owners. Properties and pipelines are still to come. */
export function apiRoutes(context: Context): Route[] {
  return [
    {
      method: 'GET',
      path: '/account-info/v3/details',
      kind: 'api',
      handle: (call) => withToken(context, call, [], accountDetails),
    },
    ...['v3', '2026-03', '2026-09'].map((version): Route => ({
      method: 'DELETE',
      path: `/appinstalls/${version}/external-install`,
      kind: 'api',
      handle: (call) => withToken(context, call, [], (granted) => uninstall(context, granted)),
    })),
    ...OBJECT_TYPES.flatMap((type) => objectRoutes(context, type)),
    ...associationRoutes(context),
    ...ownerRoutes(context),
  ];
}

/** One type under every name it goes by, on the undated path the SDK uses and on the dated ones. */
function objectRoutes(context: Context, type: ObjectType): Route[] {
  const roots = ['/crm/v3/objects', '/crm/objects/2026-03', '/crm/objects/2026-09'];
  const route = (method: 'GET' | 'POST', path: string, handle: (granted: Granted) => Reply): Route => ({
    method,
    path,
    kind: 'api',
    handle: (call) => withToken(context, call, type.scopes, handle),
  });
  return roots.flatMap((root) =>
    namesOf(type).flatMap((name) => [
      route('GET', `${root}/${name}`, (granted) => list(context, granted, type)),
      route('GET', `${root}/${name}/{id}`, (granted) => single(granted, type)),
      route('POST', `${root}/${name}/batch/read`, (granted) => batchRead(granted, type)),
      {
        method: 'POST',
        path: `${root}/${name}/search`,
        kind: 'api',
        handle: (call) => withToken(context, call, type.scopes, (granted) => searchObjects(granted, type), takeSearch),
      } as const,
    ]),
  );
}

/** A list parameter that may be repeated, comma separated or both. */
function listParameter(call: Call, name: string): string[] {
  return call.query.getAll(name).flatMap((value) => value.split(',').filter(Boolean));
}

/** The types asked for as associations. Words that name none are passed over. */
function associatedTypes(call: Call): ObjectType[] {
  return listParameter(call, 'associations')
    .map(typeNamed)
    .filter((type) => type !== null);
}

function list(context: Context, granted: Granted, type: ObjectType): Reply {
  const { call, data } = granted;
  const limit = wholeNumber(call.query.get('limit') ?? '10', 1, 100);
  if (limit === null) return hubspotError(400, 'VALIDATION_ERROR', 'limit must be a whole number from 1 to 100.');
  const after = call.query.get('after');
  const start = after === null || after === '' ? 0 : data.index(type, after);
  if (start === null) return hubspotError(400, 'VALIDATION_ERROR', 'The after parameter is not valid.');
  const archived = call.query.get('archived') === 'true';
  const properties = listParameter(call, 'properties');
  const associated = associatedTypes(call);
  const hidden = associated.find((one) => !mayRead(granted, one));
  if (hidden) return missingScopes(hidden.scopes);
  const page = scan({ start, end: data.items }, limit, limit * 50, (index) =>
    data.isArchived(index) === archived
      ? { ...data.object(type, index, properties), ...associationsBeside(data, type, index, associated) }
      : null,
  );
  if (page.next === null) return json(200, { results: page.found });
  const next = data.id(type, page.next);
  const link = new URL(`${context.publicUrl()}/hubspot${call.target}`);
  link.searchParams.set('after', next);
  return json(200, { results: page.found, paging: { next: { after: next, link: link.href } } });
}

function single(granted: Granted, type: ObjectType): Reply {
  const { call, data } = granted;
  const index = data.index(type, call.params['id'] ?? '');
  const archived = call.query.get('archived') === 'true';
  if (index === null || data.isArchived(index) !== archived) {
    return notFound(`Object not found. objectId are usually numeric.`);
  }
  const associated = associatedTypes(call).filter((one) => mayRead(granted, one));
  const record = data.object(type, index, listParameter(call, 'properties'));
  return json(200, { ...record, ...associationsBeside(data, type, index, associated) });
}

function batchRead({ call, data }: Granted, type: ObjectType): Reply {
  const inputs = call.json?.['inputs'];
  if (!Array.isArray(inputs) || inputs.length > 100) {
    return hubspotError(400, 'VALIDATION_ERROR', 'inputs must be a list of at most 100.');
  }
  const properties = call.json?.['properties'];
  const wanted = Array.isArray(properties) ? properties.map(String) : [];
  const ids = inputs.map((input: { id?: unknown }) => String(input.id));
  const known = ids.map((id) => data.index(type, id)).filter((index) => index !== null);
  const results = known.filter((index) => !data.isArchived(index)).map((index) => data.object(type, index, wanted));
  const now = new Date().toISOString();
  const body = { results, startedAt: now, completedAt: now, status: 'COMPLETE' };
  if (results.length === ids.length) return json(200, body);
  const found = new Set(results.map(({ id }) => id));
  const missing = ids.filter((id) => !found.has(id));
  const error = {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: 'Could not get some objects',
    id: randomUUID(),
  };
  return json(207, { ...body, numErrors: 1, errors: [{ ...error, context: { ids: missing } }] });
}

function accountDetails({ data }: Granted): Reply {
  return json(200, {
    portalId: data.account.hubId,
    accountType: 'STANDARD',
    timeZone: 'Europe/Berlin',
    companyCurrency: 'EUR',
    additionalCurrencies: [],
    utcOffset: '+01:00',
    utcOffsetMilliseconds: 3_600_000,
    uiDomain: 'app.hubspot.com',
    dataHostingLocation: 'na1',
  });
}

function uninstall(context: Context, { token }: Granted): Reply {
  context.grants.revokeGrant(token.grant.id);
  context.stats.count('hubspot', 'revocations');
  return empty(204);
}
