import type { Context } from '../core/context.ts';
import type { Provider } from '../core/route.ts';
import { apiRoutes } from './api.ts';
import { hubspotErrorFor, notFound } from './errors.ts';
import { oauthRoutes } from './oauth.ts';

/** HubSpot, as its documentation and public specifications of autumn 2026 have it. */
export function hubspot(context: Context): Provider {
  return {
    routes: [...oauthRoutes(context), ...apiRoutes(context)],
    errorFor: hubspotErrorFor,
    unknownPath: () => notFound('resource not found'),
  };
}
