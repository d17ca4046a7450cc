import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Connection, OpenConnection } from '../../connections/connection.ts';

export class AccountResponse {
  @ApiProperty({ example: 'usrL2PNC5o3H4lBEi' }) id!: string;
  @ApiProperty({ type: String, nullable: true, example: 'ann@acme.test' }) name!: string | null;
}

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
  @ApiProperty({ enum: ['active', 'reauthorization_required'] }) status!: 'active' | 'reauthorization_required';
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-03-14T09:26:53.000Z' })
  last_used_at!: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the access token ends.',
    example: '2026-03-14T10:26:53.000Z',
  })
  expires_at!: string | null;
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

export function connectionResponse(connection: Connection): ConnectionResponse {
  return {
    connection_id: connection.connectionId,
    integration: connection.integration,
    user_id: connection.userId,
    org_id: connection.orgId,
    account: { id: connection.account.id, name: connection.account.name },
    scopes: [...connection.scopes],
    status: connection.status,
    created_at: at(connection.createdAt),
    updated_at: at(connection.updatedAt),
    last_used_at: connection.lastUsedAt === null ? null : at(connection.lastUsedAt),
    expires_at: connection.expiresAt === null ? null : at(connection.expiresAt),
  };
}

/** The one place where a provider's token leaves: for whoever calls this has checked that it may. */
export function credentialsResponse(open: OpenConnection, withToken: boolean): CredentialsResponse {
  const connection = connectionResponse(open.connection);
  if (!withToken) return { connection };
  const { accessToken, expiresAt } = open.grant.primary;
  const life = expiresAt === undefined ? {} : { expires_in: Math.floor((expiresAt - Date.now()) / 1000) };
  return { connection, access_token: accessToken.reveal(), token_type: 'Bearer', ...life };
}
