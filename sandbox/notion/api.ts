import type { Context } from '../core/context.ts';
import type { Reply } from '../core/message.ts';
import type { Route } from '../core/route.ts';
import { block, listChildren } from './blocks.ts';
import { listComments } from './comments.ts';
import { notionError, objectNotFound, success, validationError } from './errors.ts';
import { sharedPage, withToken, type Granted } from './granted.ts';
import { dataSourceObject, databaseObject, pageObject } from './objects.ts';
import { queryRows } from './rows.ts';
import { search } from './search.ts';
import { listUsers, me, oneUser } from './users.ts';
import { hasDataSources } from './versions.ts';

/** Search, pages, databases, data sources, blocks, comments and users. Markdown is still to come. */
export function apiRoutes(context: Context): Route[] {
  const route = (
    method: 'GET' | 'POST',
    path: string,
    handle: (context: Context, granted: Granted) => Reply,
  ): Route => ({
    method,
    path,
    kind: 'api',
    handle: (call) => withToken(context, call, (granted) => handle(context, granted)),
  });
  return [
    route('POST', '/v1/search', search),
    route('GET', '/v1/users/me', me),
    route('GET', '/v1/users', listUsers),
    route('GET', '/v1/users/{id}', oneUser),
    route('GET', '/v1/pages/{id}', page),
    route('GET', '/v1/databases/{id}', database),
    route('POST', '/v1/databases/{id}/query', queryDatabase),
    route('GET', '/v1/data_sources/{id}', dataSource),
    route('POST', '/v1/data_sources/{id}/query', queryDataSource),
    route('GET', '/v1/blocks/{id}', block),
    route('GET', '/v1/blocks/{id}/children', listChildren),
    route('GET', '/v1/comments', listComments),
  ];
}

const idOf = (granted: Granted): string => granted.call.params['id'] ?? '';

function page(context: Context, granted: Granted): Reply {
  const { data, version } = granted;
  const found = sharedPage(context, granted, idOf(granted));
  return found === null ? objectNotFound('page', idOf(granted)) : success(pageObject(data, found, version));
}

function database(_context: Context, granted: Granted): Reply {
  const { data, version } = granted;
  const found = data.findDatabase(idOf(granted));
  if (found === null) return objectNotFound('database', idOf(granted));
  return legacyRefusal(granted, found) ?? success(databaseObject(data, found, version));
}

function dataSource(context: Context, granted: Granted): Reply {
  const { data, version } = granted;
  const found = sharedSource(context, granted);
  return found === null
    ? objectNotFound('data source', idOf(granted))
    : success(dataSourceObject(data, found, version));
}

function queryDataSource(context: Context, granted: Granted): Reply {
  const found = sharedSource(context, granted);
  return found === null ? objectNotFound('data source', idOf(granted)) : queryRows(context, granted, found);
}

function sharedSource(context: Context, granted: Granted): number | null {
  const found = hasDataSources(granted.version) ? granted.data.findSource(idOf(granted)) : null;
  return found === null || context.settings.notion.unsharedSources.includes(found) ? null : found;
}

/** Gone since 2025-09-03; before it, a database was the table. */
function queryDatabase(context: Context, granted: Granted): Reply {
  if (hasDataSources(granted.version)) return notionError(400, 'invalid_request_url', 'Invalid request URL.');
  const found = granted.data.findDatabase(idOf(granted));
  if (found === null) return objectNotFound('database', idOf(granted));
  const source = granted.data.sourcesOf(found)[0] ?? 0;
  return legacyRefusal(granted, found) ?? queryRows(context, granted, source);
}

/** Old versions can't look at a database once somebody has given it a second data source. */
function legacyRefusal({ data, version }: Granted, database: number): Reply | null {
  if (hasDataSources(version) || data.sourcesOf(database).length < 2) return null;
  return validationError('Databases with multiple data sources are not supported in this API version.');
}
