import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessToken, Provider } from 'oidc-provider';

const BASES = [{ id: 'appOidc0000000000', name: 'Projects', permissionLevel: 'create' }];
const TABLES = [{ id: 'tblOidc0000000000', name: 'Tasks', primaryFieldId: 'fldName000000000', fields: [], views: [] }];

/** The least of Airtable's API: identity, bases and schema, each for who holds a token that is alive. */
export async function answerApi(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sent = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const token = sent === undefined ? undefined : await provider.AccessToken.find(sent);
  const [status, body] =
    token === undefined
      ? [401, { error: { type: 'AUTHENTICATION_REQUIRED', message: 'Authentication required' } }]
      : found(token, new URL(request.url ?? '/', 'http://localhost').pathname);
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function found(token: AccessToken, path: string): [number, object] {
  if (path === '/v0/meta/whoami') {
    const email = token.scopes.has('user.email:read') ? { email: `${token.accountId}@example.com` } : {};
    return [200, { id: token.accountId, scopes: [...token.scopes], ...email }];
  }
  if (path === '/v0/meta/bases') return [200, { bases: BASES }];
  if (path === `/v0/meta/bases/${BASES[0]?.id ?? ''}/tables`) return [200, { tables: TABLES }];
  return [404, { error: 'NOT_FOUND' }];
}
