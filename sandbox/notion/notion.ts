import type { Context } from '../core/context.ts';
import type { Provider } from '../core/route.ts';
import { apiRoutes } from './api.ts';
import { notionError, notionErrorFor } from './errors.ts';
import { oauthRoutes } from './oauth.ts';

/** Notion, as its documentation and changelog of autumn 2026 have it. */
export function notion(context: Context): Provider {
  return {
    routes: [...oauthRoutes(context), ...apiRoutes(context)],
    errorFor: notionErrorFor,
    unknownPath: () => notionError(400, 'invalid_request_url', 'Invalid request URL.'),
  };
}
