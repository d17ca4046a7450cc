import type { Context } from '../core/context.ts';
import type { Provider } from '../core/route.ts';
import { apiRoutes } from './api.ts';
import { airtableErrorFor, notFoundText } from './errors.ts';
import { oauthRoutes } from './oauth.ts';

/** Airtable, as its documentation of November 2026 has it. */
export function airtable(context: Context): Provider {
  return {
    routes: [...oauthRoutes(context), ...apiRoutes(context)],
    errorFor: airtableErrorFor,
    unknownPath: notFoundText,
  };
}
