/**
 * Slack grants a bot's scopes and a user's scopes beside each other, and both go by the same names. A scope written
 * `user:<scope>` means the user's: `user:search:read` asks for `search:read` as `user_scope`.
 */
const USER_PREFIX = 'user:';

/** "Installing with OAuth": both lists are separated by commas; a list with nothing in it is left out. */
export function scopeParameters(scopes: readonly string[]): Readonly<Record<string, string>> {
  const user = scopes.filter((scope) => scope.startsWith(USER_PREFIX)).map((scope) => scope.slice(USER_PREFIX.length));
  const bot = scopes.filter((scope) => !scope.startsWith(USER_PREFIX));
  return {
    ...(bot.length === 0 ? {} : { scope: bot.join(',') }),
    ...(user.length === 0 ? {} : { user_scope: user.join(',') }),
  };
}

/** Granted scopes as Slack lists them, in our way of writing them. */
export function grantedScopes(list: unknown, whose: 'bot' | 'user'): readonly string[] {
  const scopes = typeof list === 'string' ? list.split(/[,\s]+/).filter((scope) => scope !== '') : [];
  return whose === 'bot' ? scopes : scopes.map((scope) => USER_PREFIX + scope);
}
