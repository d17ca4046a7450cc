import { randomUUID } from 'node:crypto';
import type { Context } from '../core/context.ts';
import { json, wholeNumber, type Reply } from '../core/message.ts';
import type { Route } from '../core/route.ts';
import { associationNames, associationTypes } from './association-types.ts';
import type { HubspotData } from './data.ts';
import { hubspotError, notFound } from './errors.ts';
import { mayRead, missingScopes, withToken, type Granted } from './granted.ts';
import { linksOf, type Link } from './links.ts';
import { typeNamed, type ObjectType } from './object-types.ts';

/** So many associations of one record come with it in a listing. */
const LISTED = 100;
const MAX_PAGE = 500;
const MAX_INPUTS = 1000;

/** Associations of version 4, by record and by batch. */
export function associationRoutes(context: Context): Route[] {
  return [
    {
      method: 'GET',
      path: '/crm/v4/objects/{from}/{id}/associations/{to}',
      kind: 'api',
      handle: (call) => withToken(context, call, [], (granted) => between(granted, ofOne)),
    },
    {
      method: 'POST',
      path: '/crm/v4/associations/{from}/{to}/batch/read',
      kind: 'api',
      handle: (call) => withToken(context, call, [], (granted) => between(granted, ofMany)),
    },
  ];
}

/** The scopes of both types are wanted. */
function between(granted: Granted, handle: (granted: Granted, from: ObjectType, to: ObjectType) => Reply): Reply {
  const [from, to] = ['from', 'to'].map((name) => typeNamed(granted.call.params[name] ?? ''));
  if (!from || !to) return hubspotError(400, 'VALIDATION_ERROR', 'Unable to infer object type.');
  const hidden = [from, to].find((type) => !mayRead(granted, type));
  return hidden ? missingScopes(hidden.scopes) : handle(granted, from, to);
}

function ofOne({ call, data }: Granted, from: ObjectType, to: ObjectType): Reply {
  const index = data.index(from, call.params['id'] ?? '');
  if (index === null || data.isArchived(index)) return notFound('Object not found. objectId are usually numeric.');
  const limit = wholeNumber(call.query.get('limit') ?? String(MAX_PAGE), 1, MAX_PAGE);
  if (limit === null) return hubspotError(400, 'VALIDATION_ERROR', `limit must be at most ${MAX_PAGE}.`);
  const { found, paging } = page(data, { from, index, to }, call.query.get('after') ?? '', limit);
  return json(200, { results: found, ...paging });
}

function ofMany({ call, data }: Granted, from: ObjectType, to: ObjectType): Reply {
  const inputs = call.json?.['inputs'];
  if (!Array.isArray(inputs) || inputs.length > MAX_INPUTS) {
    return hubspotError(400, 'VALIDATION_ERROR', `inputs must be a list of at most ${MAX_INPUTS}.`);
  }
  const results = [];
  const errors = [];
  for (const { id, after } of inputs as { id?: unknown; after?: unknown }[]) {
    const index = data.index(from, String(id));
    const start = typeof after === 'string' ? after : '';
    const { found, paging } = index === null ? NOTHING : page(data, { from, index, to }, start, MAX_PAGE);
    if (found.length === 0) errors.push(withoutAny(from, String(id), to));
    else results.push({ from: { id: String(id) }, to: found, ...paging });
  }
  const now = new Date().toISOString();
  const body = { status: 'COMPLETE', results, startedAt: now, completedAt: now };
  return errors.length === 0 ? json(200, body) : json(207, { ...body, numErrors: errors.length, errors });
}

const NOTHING = { found: [], paging: {} };

/** Who has no associations is told as an error of the batch. */
function withoutAny(from: ObjectType, id: string, to: ObjectType) {
  return {
    status: 'error',
    id: randomUUID(),
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.singular} is associated with ${from.singular} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [from.singular], toObjectType: [to.singular] },
  };
}

interface From {
  readonly from: ObjectType;
  readonly index: number;
  readonly to: ObjectType;
}

function page(data: HubspotData, { from, index, to }: From, after: string, limit: number) {
  const all = liveLinks(data, from, index, to);
  const start = wholeNumber(after || '0', 0, all.length) ?? all.length;
  const end = start + limit;
  const found = all.slice(start, end).map((link) => ({
    toObjectId: data.id(to, link.index),
    associationTypes: associationTypes(from, to, link.primary),
  }));
  return { found, paging: end < all.length ? { paging: { next: { after: String(end) } } } : {} };
}

/** Nobody is associated with what lies in the bin. */
function liveLinks(data: HubspotData, from: ObjectType, index: number, to: ObjectType): readonly Link[] {
  return linksOf(from.name, index, to.name).filter((link) => link.index < data.items && !data.isArchived(link.index));
}

/** What a listing says beside a record of those it is associated with; nothing when there are none. */
export function associationsBeside(data: HubspotData, from: ObjectType, index: number, wanted: readonly ObjectType[]) {
  const associations: Record<string, unknown> = {};
  for (const to of wanted) {
    const all = liveLinks(data, from, index, to);
    if (all.length === 0) continue;
    const results = all
      .slice(0, LISTED)
      .flatMap((link) =>
        associationNames(from, to, link.primary).map((type) => ({ id: data.id(to, link.index), type })),
      );
    const paging = all.length > LISTED ? { paging: { next: { after: String(LISTED) } } } : {};
    associations[to.name] = { results, ...paging };
  }
  return Object.keys(associations).length === 0 ? {} : { associations };
}
