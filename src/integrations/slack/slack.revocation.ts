import type { Grant } from '../../connections/connection.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { Secret } from '../../errors/secret.ts';
import { path } from '../../outbound/provider-path.ts';
import type { ProviderApi, TokenSource } from '../provider-api.ts';

type ApiWith = (tokens: TokenSource) => ProviderApi;

/**
 * Calls auth.revoke with every token of the grant, the bot's and the user's: where tokens rotate it ends just the one it
 * is called with, access or refresh token; elsewhere the first call may end them all.
 * @returns whether Slack said it revoked, and none of the tokens is left
 */
export async function revokeTokens(grant: Grant, apiWith: ApiWith): Promise<boolean> {
  const sets = [grant.primary, ...grant.additional.values()];
  // What could renew the grant goes first.
  const refreshTokens = sets.map(({ refreshToken }) => refreshToken).filter((token) => token !== undefined);
  const tokens = [...refreshTokens, ...sets.map(({ accessToken }) => accessToken)];
  const ends: TokenEnd[] = [];
  for (const token of tokens) ends.push(await revoke(token, apiWith));
  return ends.includes('revoked') && !ends.includes('alive');
}

type TokenEnd = 'revoked' | 'dead-before' | 'alive';

async function revoke(token: Secret, apiWith: ApiWith): Promise<TokenEnd> {
  const seen = { refused: false };
  const api = apiWith({
    current: () => token,
    replace: () => {
      seen.refused = true;
      return Promise.reject(new PatchbayError('provider_error', 'Slack no longer accepts this token.'));
    },
  });
  try {
    const { revoked } = await api.get({ path: path`/auth.revoke` });
    return revoked === true ? 'revoked' : 'alive';
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    return seen.refused ? 'dead-before' : 'alive';
  }
}
