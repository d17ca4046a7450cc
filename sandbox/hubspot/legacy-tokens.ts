import type { Context } from '../core/context.ts';
import type { Token, TokenKind } from '../core/grant-rows.ts';
import { empty, json, type Call, type Reply } from '../core/message.ts';
import type { Route } from '../core/route.ts';
import { notFound } from './errors.ts';
import { describe, revokeOne } from './token.ts';

/** The v1 endpoints with the token in the path and no authentication; the SDK still calls them. Sunset 16 February 2027. */
export function legacyTokenRoutes(context: Context): Route[] {
  const withLive = (kind: TokenKind, handle: (token: Token) => Reply) => (call: Call) => {
    const token = context.grants.findToken('hubspot', call.params['token'] ?? '');
    return token?.kind === kind && token.status === 'live' ? handle(token) : notFound(`${kind} token not found`);
  };
  return [
    {
      method: 'GET',
      path: '/oauth/v1/access-tokens/{token}',
      kind: 'token',
      handle: withLive('access', (token) => json(200, { ...describe(context, token), token_type: 'access' })),
    },
    {
      method: 'GET',
      path: '/oauth/v1/refresh-tokens/{token}',
      kind: 'token',
      handle: withLive('refresh', (token) => json(200, { ...describe(context, token), token_type: 'refresh' })),
    },
    {
      method: 'DELETE',
      path: '/oauth/v1/refresh-tokens/{token}',
      kind: 'token',
      handle: withLive('refresh', (token) => {
        revokeOne(context, token);
        return empty(204);
      }),
    },
  ];
}
