import type { Context } from '../core/context.ts';
import type { Provider } from '../core/route.ts';
import { apiRoutes } from './api.ts';
import { slackError, slackErrorFor } from './errors.ts';
import { oauthRoutes } from './oauth.ts';

/** Slack, as its documentation of summer 2026 has it. */
export function slack(context: Context): Provider {
  return {
    routes: [...oauthRoutes(context), ...apiRoutes(context)],
    errorFor: slackErrorFor,
    unknownPath: () => slackError('unknown_method'),
  };
}
