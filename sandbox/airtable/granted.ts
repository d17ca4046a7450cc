import type { Context } from '../core/context.ts';
import type { Token } from '../core/grant-rows.ts';
import { bearerToken, type Call, type Reply } from '../core/message.ts';
import { AirtableData } from './data.ts';
import { authenticationRequired, invalidPermissions } from './errors.ts';
import { overLimit } from './limits.ts';
import { sizesOf } from './sizes.ts';

/** A call whose token is good, with what the account behind it can see. */
export interface Granted {
  readonly call: Call;
  readonly token: Token;
  readonly data: AirtableData;
}

/** Checks token, monthly cap and scope, in that order, before the handler. */
export function withToken(
  context: Context,
  call: Call,
  scope: string | null,
  handle: (granted: Granted) => Reply,
): Reply {
  const token = context.grants.findToken('airtable', bearerToken(call) ?? '');
  // Expired and revoked look the same here; only the refresh tells them apart.
  if (token?.kind !== 'access' || token.status !== 'live') return authenticationRequired();
  const capped = overLimit(context, token, call.path.startsWith('/v0/meta/') ? 'meta' : 'records');
  if (capped) return capped;
  if (scope !== null && !token.scopes.includes(scope)) return invalidPermissions();
  const { settings } = context;
  return handle({ call, token, data: new AirtableData(settings.seed, token.grant.account, sizesOf(settings)) });
}

/** The base of an id in the path when the account has it and has not taken it out of the grant. */
export function grantedBase(context: Context, { data }: Granted, id: string): number | null {
  const index = data.baseIndex(id);
  return index !== null && !context.settings.airtable.removedBases.includes(index) ? index : null;
}
