import { PatchbayError } from '../../errors/patchbay-error.ts';
import { path } from '../../outbound/provider-path.ts';
import type { ProviderApi } from '../provider-api.ts';
import { cancelledBy, type Cancel } from './airtable.calls.ts';

/** "Scopes". What bases and tables need is refused by their first call already. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  record: ['data.records:read'],
  comment: ['data.records:read', 'data.recordComments:read'],
};

/**
 * "Errors": a missing scope and a base that was taken out of the grant are answered alike, so that every table would look
 * withdrawn and the type empty. "Get user ID & scopes" tells, and needs no scope itself.
 * @throws PatchbayError `provider_error` when the grant lacks what the item type needs
 */
export async function requireScopes(api: ProviderApi, itemType: string, signal: Cancel): Promise<void> {
  const needed = NEEDED[itemType] ?? [];
  if (needed.length === 0) return;
  const { scopes } = await api.get({ path: path`/meta/whoami`, ...cancelledBy(signal) });
  if (!Array.isArray(scopes)) return;
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return;
  throw new PatchbayError('provider_error', `Airtable has not granted ${missing.join(' and ')} (missing_scope).`, {
    integration: 'airtable',
    provider_status: 403,
  });
}
