import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  codeOf,
  grantOf,
  list,
  tokenOf,
  words,
  type Actor,
  type Grant,
  type NewCode,
  type NewToken,
  type Row,
  type Token,
} from './grant-rows.ts';
import type { ProviderName } from './providers.ts';

export const CODE_LIFE_SECONDS = 600;

/** Codes, grants and tokens of all providers. Every method is one synchronous step, so no two requests can interleave. */
export class GrantStore {
  private readonly database: DatabaseSync;
  /** By their text, which is never built from input. */
  private readonly statements = new Map<string, StatementSync>();
  private readonly now: () => number;

  constructor(database: DatabaseSync, now: () => number) {
    this.database = database;
    this.now = now;
  }

  addCode(code: NewCode): void {
    this.run(
      'INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)',
      code.code,
      code.provider,
      code.clientId,
      code.account,
      code.redirectUri,
      words(code.scopes),
      words(code.userScopes),
      code.challenge,
      this.now() + CODE_LIFE_SECONDS * 1000,
    );
  }

  /** Burns the code and tells what it stood for; `null` when it is unknown, used or older than ten minutes. */
  takeCode(provider: ProviderName, code: string): NewCode | null {
    const row = this.first(
      'UPDATE codes SET used_at = ?1 WHERE code = ?2 AND provider = ?3 AND used_at IS NULL AND expires_at > ?1 RETURNING *',
      this.now(),
      code,
      provider,
    );
    return row ? codeOf(row, provider) : null;
  }

  /** What a code stands for, without burning it. */
  peekCode(provider: ProviderName, code: string): NewCode | null {
    const row = this.first(
      'SELECT * FROM codes WHERE code = ? AND provider = ? AND used_at IS NULL AND expires_at > ?',
      code,
      provider,
      this.now(),
    );
    return row ? codeOf(row, provider) : null;
  }

  addGrant(code: NewCode): Grant {
    const row = this.first(
      'INSERT INTO grants (provider, client_id, account, scopes, user_scopes, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING *',
      code.provider,
      code.clientId,
      code.account,
      words(code.scopes),
      words(code.userScopes),
      this.now(),
    );
    if (!row) throw new Error('The grant was not written.');
    return grantOf(row);
  }

  /** The client's grant at that account with these scopes added to it, or a new one: an installation, not a session. */
  installGrant(code: NewCode): Grant {
    const known = this.first(
      'SELECT * FROM grants WHERE provider = ? AND client_id = ? AND account = ? AND revoked_at IS NULL',
      code.provider,
      code.clientId,
      code.account,
    );
    if (!known) return this.addGrant(code);
    const grant = grantOf(known);
    const scopes = words([...new Set([...grant.scopes, ...code.scopes])]);
    const userScopes = words([...new Set([...grant.userScopes, ...code.userScopes])]);
    this.run('UPDATE grants SET scopes = ?, user_scopes = ? WHERE id = ?', scopes, userScopes, grant.id);
    return { ...grant, scopes: list(scopes), userScopes: list(userScopes) };
  }

  addToken(token: NewToken): void {
    const now = this.now();
    this.run(
      'INSERT INTO tokens (token, grant_id, kind, actor, scopes, pair, issued_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      token.token,
      token.grantId,
      token.kind,
      token.actor,
      words(token.scopes),
      token.pair,
      now,
      token.lifeSeconds === null ? null : now + token.lifeSeconds * 1000,
    );
  }

  findToken(provider: ProviderName, token: string): Token | null {
    const row = this.first(
      `SELECT grants.*, tokens.token, tokens.kind, tokens.actor, tokens.scopes AS token_scopes, tokens.pair,
              tokens.expires_at, tokens.ended_at, tokens.ended_by
         FROM tokens JOIN grants ON grants.id = tokens.grant_id
        WHERE tokens.token = ? AND grants.provider = ?`,
      token,
      provider,
    );
    return row ? tokenOf(row, this.now()) : null;
  }

  /** Ends both tokens of a pair as used up by a refresh. */
  rotatePair(pair: string): void {
    this.endTokens('rotated', 'pair = ?', pair);
  }

  rotateToken(token: string): void {
    this.endTokens('rotated', 'token = ?', token);
  }

  revokeToken(token: string): void {
    this.endTokens('revoked', 'token = ?', token);
  }

  revokePair(pair: string): void {
    this.endTokens('revoked', 'pair = ?', pair);
  }

  /** Leaves the newest `keep` access tokens of an actor alive. */
  capAccessTokens(grantId: number, actor: Actor, keep: number): void {
    this.endTokens(
      'revoked',
      `id IN (SELECT id FROM tokens WHERE grant_id = ? AND actor = ? AND kind = 'access' AND ended_at IS NULL
               ORDER BY id DESC LIMIT -1 OFFSET ?)`,
      grantId,
      actor,
      keep,
    );
  }

  revokeGrant(grantId: number): void {
    this.run('UPDATE grants SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', this.now(), grantId);
    this.endTokens('revoked', 'grant_id = ?', grantId);
    this.endGrace('grant_id = ?', grantId);
  }

  /** Makes every outstanding access token of the provider answer as expired. */
  expireAccess(provider: ProviderName): number {
    return this.run(
      `UPDATE tokens SET expires_at = ?1 WHERE kind = 'access' AND ended_at IS NULL
          AND (expires_at IS NULL OR expires_at > ?1) AND grant_id IN (SELECT id FROM grants WHERE provider = ?2)`,
      this.now(),
      provider,
    );
  }

  /** Kills the provider's refresh tokens, those in their grace after a rotation too. */
  revokeRefresh(provider: ProviderName): number {
    this.endGrace('grant_id IN (SELECT id FROM grants WHERE provider = ?)', provider);
    return this.endTokens(
      'revoked',
      `kind = 'refresh' AND grant_id IN (SELECT id FROM grants WHERE provider = ?)`,
      provider,
    );
  }

  /** Withdraws every grant of the provider, and the codes still waiting. */
  revokeAll(provider: ProviderName): number {
    this.run('UPDATE codes SET used_at = ? WHERE provider = ? AND used_at IS NULL', this.now(), provider);
    this.endTokens('revoked', 'grant_id IN (SELECT id FROM grants WHERE provider = ?)', provider);
    this.endGrace('grant_id IN (SELECT id FROM grants WHERE provider = ?)', provider);
    return this.run('UPDATE grants SET revoked_at = ? WHERE provider = ? AND revoked_at IS NULL', this.now(), provider);
  }

  private endTokens(by: 'rotated' | 'revoked', where: string, ...values: SQLInputValue[]): number {
    const sql = `UPDATE tokens SET ended_at = ?, ended_by = ? WHERE ended_at IS NULL AND ${where}`;
    return this.run(sql, this.now(), by, ...values);
  }

  /** Lets rotated tokens have ended long ago, so that no provider still honours them. */
  private endGrace(where: string, ...values: SQLInputValue[]): void {
    this.run(`UPDATE tokens SET ended_at = 0 WHERE ended_by = 'rotated' AND ${where}`, ...values);
  }

  private run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...values).changes);
  }

  private first(sql: string, ...values: SQLInputValue[]): Row | null {
    return (this.statement(sql).get(...values) as Row | undefined) ?? null;
  }

  private statement(sql: string): StatementSync {
    const known = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, known);
    return known;
  }
}
