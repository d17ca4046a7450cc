import type { Account } from '../connections/connection.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { text } from '../items/provider-values.ts';
import type { IntegrationDescriptor } from './integration-descriptor.ts';

/** A provider's id, which some send as a number. @returns undefined for anything that can't be one */
export function providerId(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : text(value);
}

/**
 * The account a provider says a grant is for.
 * @param within what it belongs to, where calls count for that too
 * @throws PatchbayError `provider_protocol_error` without an id: two accounts could then be taken for one
 */
export function providerAccount(
  descriptor: IntegrationDescriptor,
  id: unknown,
  name: unknown,
  within?: unknown,
): Account {
  const known = providerId(id);
  const place = providerId(within);
  if (known !== undefined)
    return { id: known, name: text(name) ?? null, ...(place === undefined ? {} : { within: place }) };
  const { displayName, name: integration } = descriptor;
  const message = `${displayName} did not say which account the grant is for.`;
  throw new PatchbayError('provider_protocol_error', message, { integration });
}
