import type { Context } from '../core/context.ts';
import type { Reply } from '../core/message.ts';
import { scan } from '../core/scan.ts';
import type { Hit } from './data.ts';
import { validationError } from './errors.ts';
import type { Granted } from './granted.ts';
import { dataSourceObject, databaseObject, pageObject } from './objects.ts';
import { listReply, pageRequest } from './paging.ts';
import { hasDataSources } from './versions.ts';

/** How many things one page of results looks at: a rare word may give a short page with a cursor. */
const LOOKS_PER_RESULT = 50;

interface Query {
  readonly kind: 'page' | 'source' | null;
  readonly inTrash: boolean;
  readonly text: string;
  readonly ascending: boolean;
}

type Members = Readonly<Record<string, unknown>>;

/** https://developers.notion.com/reference/post-search: titles only, the last edited first. */
export function search(context: Context, granted: Granted): Reply {
  const query = readQuery(granted);
  if (typeof query === 'string') return validationError(query);
  const { data, call } = granted;
  const scope = `${data.scope}/search/${JSON.stringify(query)}`;
  const request = pageRequest(context, call, scope);
  if (typeof request === 'string') return validationError(request);
  const isLagging = context.now() < granted.token.grant.createdAt + context.settings.notion.searchLagSeconds * 1000;
  // All data sources are among the first.
  const end = query.kind === 'source' ? data.hitsWithSources : data.items;
  const page = scan({ start: request.start, end }, request.size, request.size * LOOKS_PER_RESULT, (at) => {
    const index = query.ascending ? end - 1 - at : at;
    if (isLagging && index % 2 === 1) return null;
    return matching(context, granted, data.hit(index), query);
  });
  return listReply(context, 'page_or_data_source', scope, page);
}

function readQuery({ call, version }: Granted): Query | string {
  const body = call.json ?? {};
  const filter = (body['filter'] ?? {}) as Members;
  const sort = (body['sort'] ?? {}) as Members;
  const table = hasDataSources(version) ? 'data_source' : 'database';
  const value = filter['value'];
  if (value !== undefined && value !== 'page' && value !== table) {
    return `body failed validation: body.filter.value should be "page" or "${table}".`;
  }
  const text = body['query'];
  return {
    kind: value === undefined ? null : value === 'page' ? 'page' : 'source',
    inTrash: filter['in_trash'] === true,
    text: typeof text === 'string' ? text.trim().toLowerCase() : '',
    ascending: sort['direction'] === 'ascending',
  };
}

function matching(context: Context, { data, version }: Granted, hit: Hit, query: Query): Members | null {
  if (query.kind !== null && query.kind !== hit.kind) return null;
  if (hit.kind === 'source') {
    const database = data.databaseOf(hit.source);
    const isFirst = data.sourcesOf(database)[0] === hit.source;
    const { unlistedSources, unsharedSources } = context.settings.notion;
    if (unlistedSources.includes(hit.source) || unsharedSources.includes(hit.source)) return null;
    if (query.inTrash || !contains(data.sourceTitle(hit.source), query.text)) return null;
    if (hasDataSources(version)) return dataSourceObject(data, hit.source, version);
    return isFirst ? databaseObject(data, database, version) : null;
  }
  if (data.isTrashed(hit.page) !== query.inTrash || !contains(data.title(hit.page), query.text)) return null;
  if (context.settings.notion.unsharedPages.includes(data.pageId(hit.page))) return null;
  return pageObject(data, hit.page, version);
}

function contains(title: string | null, text: string): boolean {
  return text === '' || (title ?? '').toLowerCase().includes(text);
}
