import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import type { Connection, OpenConnection } from '../../connections/connection.ts';
import { plannedRefreshAt } from '../../connections/refresh-schedule.ts';
import { END_REASONS, type EndReason, type RefreshFailure } from '../../connections/refresh-state.ts';
import { ERROR_CODES, type ErrorCode } from '../../errors/error-code.ts';

export class AccountResponse {
  @ApiProperty({ example: 'usrL2PNC5o3H4lBEi' }) id!: string;
  @ApiProperty({ type: String, nullable: true, example: 'ann@acme.test' }) name!: string | null;
}

/** The last refresh that failed without ending the grant. */
export class RefreshFailureResponse {
  @ApiProperty({ enum: ERROR_CODES, example: 'provider_unavailable' }) error!: ErrorCode;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ type: 'integer', description: 'Failures since the last success.', example: 2 }) failures!: number;
  @ApiProperty({ format: 'date-time', description: 'The provider isn’t asked before.' }) retry_at!: string;
}

const nullableTime = (description: string): ApiPropertyOptions => ({
  type: String,
  format: 'date-time',
  nullable: true,
  description,
  example: '2026-03-14T09:26:53.000Z',
});

/** A connection as the wire has it. Never holds a token. */
export class ConnectionResponse {
  @ApiProperty({ example: 'con_4ZkFq0n8X2m3vJc1yTbRdA' }) connection_id!: string;
  @ApiProperty({ example: 'airtable' }) integration!: string;
  @ApiProperty({ example: 'demo-user' }) user_id!: string;
  @ApiProperty({ example: 'demo-org' }) org_id!: string;
  @ApiProperty({ type: AccountResponse }) account!: AccountResponse;
  @ApiProperty({
    type: [String],
    description: 'Granted, which may be less than was asked.',
    example: ['schema.bases:read'],
  })
  scopes!: string[];
  @ApiProperty({ type: [String], description: 'Asked.', example: ['schema.bases:read', 'data.records:read'] })
  requested_scopes!: string[];
  @ApiProperty({ enum: ['active', 'reauthorization_required'] }) status!: 'active' | 'reauthorization_required';
  @ApiProperty({
    enum: [...END_REASONS, null],
    nullable: true,
    description:
      'Why the account must be connected again; null while active. `grant_revoked`: the provider no longer accepts the ' +
      'grant. `refresh_answer_lost`: it rotated the refresh token, and its answer was lost on the way. ' +
      '`no_refresh_token`: the access token has ended and nothing can renew it. `client_changed`: the grant was given to ' +
      'another OAuth client than the one that is configured now.',
    example: null,
  })
  reason!: EndReason | null;
  @ApiProperty(nullableTime('When it was found to have ended; null while active.')) ended_at!: string | null;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
  @ApiProperty(nullableTime('As far as is known: a use by another replica is told some minutes late.'))
  last_used_at!: string | null;
  @ApiProperty(nullableTime('When the access token ends; null when the provider doesn’t say.'))
  expires_at!: string | null;
  @ApiProperty(nullableTime('Null when it never was.')) last_refreshed_at!: string | null;
  @ApiProperty(nullableTime('When it is renewed ahead of need; null when nothing can, or need, be renewed.'))
  next_refresh_at!: string | null;
  @ApiProperty({ type: RefreshFailureResponse, nullable: true, example: null })
  refresh_failure!: RefreshFailureResponse | null;
}

export class ConnectionListResponse {
  @ApiProperty({ type: [ConnectionResponse] }) connections!: ConnectionResponse[];
}

export class CredentialsResponse {
  @ApiProperty({ type: ConnectionResponse }) connection!: ConnectionResponse;
  @ApiPropertyOptional({ description: 'Only for an API client with tokens:read that asked for it.' })
  access_token?: string;
  @ApiPropertyOptional({ enum: ['Bearer'] }) token_type?: 'Bearer';
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Seconds the token is still good. Absent: the provider doesn’t say.',
  })
  expires_in?: number;
}

export class DisconnectedResponse {
  @ApiProperty({ enum: [true] }) deleted!: true;
  @ApiProperty({ description: 'Whether the provider said that it has revoked the grant.' }) revoked!: boolean;
}

const at = (epochMs: number): string => new Date(epochMs).toISOString();

const atOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : at(epochMs));

export function connectionResponse(connection: Connection): ConnectionResponse {
  const { refresh } = connection;
  return {
    connection_id: connection.connectionId,
    integration: connection.integration,
    user_id: connection.userId,
    org_id: connection.orgId,
    account: { id: connection.account.id, name: connection.account.name },
    scopes: [...connection.scopes],
    requested_scopes: [...connection.requestedScopes],
    status: connection.status,
    reason: connection.reason,
    ended_at: atOrNull(connection.endedAt),
    created_at: at(connection.createdAt),
    updated_at: at(connection.updatedAt),
    last_used_at: atOrNull(connection.lastUsedAt),
    expires_at: atOrNull(connection.expiresAt),
    last_refreshed_at: atOrNull(refresh.lastAt),
    next_refresh_at: atOrNull(plannedRefreshAt(connection, Date.now())),
    refresh_failure: refresh.failure === null ? null : refreshFailure(refresh.failure),
  };
}

function refreshFailure({ error, at: failedAt, count, retryAt }: RefreshFailure): RefreshFailureResponse {
  return { error, at: at(failedAt), failures: count, retry_at: at(retryAt) };
}

/** The one place where a provider's token leaves: for whoever calls this has checked that it may. */
export function credentialsResponse(open: OpenConnection, withToken: boolean): CredentialsResponse {
  const connection = connectionResponse(open.connection);
  if (!withToken) return { connection };
  const { accessToken, expiresAt } = open.grant.primary;
  const life = expiresAt === undefined ? {} : { expires_in: Math.floor((expiresAt - Date.now()) / 1000) };
  return { connection, access_token: accessToken.reveal(), token_type: 'Bearer', ...life };
}
