import { PatchbayError } from '../../errors/patchbay-error.ts';
import { PositionExpired, type ProviderPage, type ProviderPageRequest } from '../../items/item-source.ts';
import { objects } from '../../items/provider-values.ts';
import type { JsonObject } from '../../oauth/oauth-client.ts';
import type { ProviderApi } from '../provider-api.ts';
import { providerId } from '../provider-account.ts';
import { unlessWithdrawn } from '../withdrawn-object.ts';
import { MAX_PAGE_SIZE, nextAfter, signalOf, totalOf } from './hubspot.answers.ts';
import {
  associationsPath,
  isBefore,
  readAssociations,
  relationsOf,
  type Association,
  type Associations,
} from './hubspot.associations.ts';
import { recordItem } from './hubspot.mapper.ts';
import { objectTypeOf, type HubspotObjectType } from './hubspot.object-types.ts';
import { positionText } from './hubspot.position.ts';

/**
 * "Search the CRM" for what changed since a time. It gives 10,000 results a query and no more, and one bulk edit gives more
 * records than that the very same time. So they come by id, each page a query of its own for what is after the last: no
 * query is ever read beyond its first page, and the place is an id, which doesn't expire. Whoever is changed while this goes
 * on is either still ahead, or in the next increment.
 */
export async function changedPage(
  api: ProviderApi,
  request: ProviderPageRequest,
  after: string | undefined,
): Promise<ProviderPage> {
  if (after !== undefined && !/^\d{1,30}$/.test(after)) throw new PositionExpired('This is no id of a record.');
  const type = objectTypeOf(request.itemType);
  const json = searchFor(type, request.modifiedSince ?? new Date(0), after);
  const answer = await api.post({ path: type.search, json, ...signalOf(request) });
  const records = objects(answer['results']);
  const ids = records.map(({ id }) => providerId(id)).filter((id) => id !== undefined);
  refuseDisorder(ids, after);
  const known = await associationsOf(api, request, type, ids);
  const items = records
    .map((record) => {
      const associations = known.get(providerId(record['id']) ?? '') ?? new Map<string, readonly Association[]>();
      return recordItem(type.itemType, record, relationsOf(type, associations));
    })
    .filter((item) => item !== undefined);
  const next =
    nextAfter(answer) === undefined
      ? ({ stage: 'archived' } as const)
      : ({ stage: 'changed', after: lastOf(ids) } as const);
  const total = after === undefined ? totalOf(answer) : undefined;
  return { items, next: positionText(next), ...(total === undefined ? {} : { total }) };
}

function searchFor(type: HubspotObjectType, since: Date, after: string | undefined): JsonObject {
  const filters = [
    { propertyName: type.modifiedProperty, operator: 'GTE', value: String(Math.max(0, since.getTime())) },
    ...(after === undefined ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: after }]),
  ];
  return {
    filterGroups: [{ filters }],
    sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
    properties: type.properties,
    limit: MAX_PAGE_SIZE,
  };
}

/** More lies behind a record that can't be named: the bin must not be next, as if that had been all. */
function lastOf(ids: readonly string[]): string {
  const last = ids.at(-1);
  if (last !== undefined) return last;
  throw protocolError('HubSpot’s search has more, but gave no record to go on from.');
}

/** In another order than was asked for, what comes after the last would be less than what is left. */
function refuseDisorder(ids: readonly string[], after: string | undefined): void {
  const inOrder = [...(after === undefined ? [] : [after]), ...ids];
  if (inOrder.every((id, index) => index === 0 || isBefore(inOrder[index - 1] ?? '', id))) return;
  throw protocolError('HubSpot’s search did not answer in the order it was asked for.');
}

function protocolError(message: string): PatchbayError {
  return new PatchbayError('provider_protocol_error', message, { integration: 'hubspot' });
}

/** "Search" doesn't give them. One call for each associated type, until every record has its parent. */
async function associationsOf(
  api: ProviderApi,
  request: ProviderPageRequest,
  type: HubspotObjectType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Associations>> {
  const found = new Map(ids.map((id) => [id, new Map<string, readonly Association[]>()]));
  let homeless = ids;
  for (const relative of [...type.parents, ...type.children]) {
    const asked = type.children.includes(relative) ? ids : homeless;
    if (asked.length === 0) continue;
    const json = { inputs: asked.map((id) => ({ id })) };
    // A grant without the associated type's scope still lists the records themselves.
    const answer = await unlessWithdrawn(
      api.post({ path: associationsPath(type, relative), json, ...signalOf(request) }),
    );
    if (answer === undefined) continue;
    for (const [id, associations] of readAssociations(answer)) found.get(id)?.set(relative, associations);
    homeless = homeless.filter((id) => (found.get(id)?.get(relative) ?? []).length === 0);
  }
  return found;
}
