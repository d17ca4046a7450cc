import type { Context } from './context.ts';
import type { Token } from './grant-rows.ts';
import type { ProviderName } from './providers.ts';

/**
 * A refresh token came again after its rotation: counts that, and tells whether it is still within the grace that its
 * provider allows. After it, the whole grant ends where `reuseRevokesGrant` says so.
 */
export function reusedInGrace(context: Context, provider: ProviderName, token: Token, graceSeconds: number): boolean {
  context.stats.count(provider, 'rotated_token_reuse');
  if (context.now() < (token.endedAt ?? 0) + graceSeconds * 1000) return true;
  if (context.settings.reuseRevokesGrant) context.grants.revokeGrant(token.grant.id);
  return false;
}
