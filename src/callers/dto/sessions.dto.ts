import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsIn, IsObject, IsString, Length, Matches } from 'class-validator';
import { SESSION_PERMISSIONS, type SessionPermission } from '../caller.ts';
import { listOf, optional } from './form-values.ts';
import { OwnerRequest } from './owner.request.dto.ts';

const SESSION_TOKEN = /^[A-Za-z0-9_-]{43}$/;
const TOKEN_EXAMPLE = 'nJ0c1Yt5bWq8Xv2ZkR7uHs4mPdA9eLgFyTiB6oC3wQE';

export class SessionRequest extends OwnerRequest {
  @ApiPropertyOptional({
    type: [String],
    description: 'Which integrations it is for. Left out: all.',
    example: ['notion'],
  })
  @optional()
  @listOf
  @ArrayNotEmpty({ message: 'must not be empty' })
  @ArrayMaxSize(50, { message: 'may hold at most 50' })
  @Matches(/^[a-z0-9-]{1,64}$/, { each: true, message: 'must be a list of integrations' })
  integrations?: string[];

  @ApiPropertyOptional({
    enum: SESSION_PERMISSIONS,
    isArray: true,
    description:
      'What it may do beyond acting for its user, which its API client must be allowed itself. Left out: nothing.',
  })
  @optional()
  @listOf
  @ArrayNotEmpty({ message: 'must not be empty' })
  @ArrayMaxSize(10, { message: 'may hold at most 10' })
  @IsIn(SESSION_PERMISSIONS, { each: true, message: `may hold ${SESSION_PERMISSIONS.join(', ')}` })
  permissions?: SessionPermission[];

  @ApiPropertyOptional({
    description: 'Which allowed frontend the connect URL leads to. Left out: Patchbay’s own page.',
    minLength: 1,
    maxLength: 512,
  })
  @optional()
  @IsString({ message: 'must be an origin' })
  @Length(1, 512, { message: 'must be an origin' })
  origin?: string;

  @ApiPropertyOptional({
    description:
      'Where the connect page leads the person back to; the result is in its query: `status`, `integration`, `connection_id`. On one of ALLOWED_ORIGINS, exactly.',
    maxLength: 2048,
    format: 'uri',
    example: 'http://localhost:3000/settings',
  })
  @optional()
  @IsString({ message: 'must be a URL' })
  @Length(1, 2048, { message: 'must be at most 2048 characters' })
  return_url?: string;
}

export class SessionTokenResponse {
  @ApiProperty({ description: 'Single use, for the browser that is to act.', example: TOKEN_EXAMPLE })
  session_token!: string;
  @ApiProperty({
    description:
      'A page that activates the session by itself and shows what it may connect, and nothing else. Pages of ALLOWED_ORIGINS may frame it.',
    example: `http://localhost:8000/connect#session=${TOKEN_EXAMPLE}`,
  })
  connect_url!: string;
  @ApiProperty({ type: 'integer', description: 'Seconds.', example: 600 }) expires_in!: number;
}

export class ActivateRequest {
  @ApiProperty({ pattern: SESSION_TOKEN.source, example: TOKEN_EXAMPLE })
  @Matches(SESSION_TOKEN, { message: 'is not a session token' })
  session_token!: string;

  @ApiProperty({
    type: 'object',
    description: 'The public P-256 key as a JWK; the request must be signed with its private half.',
    properties: {
      kty: { type: 'string', enum: ['EC'] },
      crv: { type: 'string', enum: ['P-256'] },
      x: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
      y: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
    },
    required: ['kty', 'crv', 'x', 'y'],
    additionalProperties: true,
    // RFC 7515 §A.3.1's key.
    example: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  })
  @IsObject({ message: 'must be a JWK' })
  public_key!: Record<string, unknown>;
}

export class SessionResponse {
  @ApiProperty({ example: 'ses_8K2vX0m3vJc1yTbRdA4ZkF' }) session_id!: string;
  @ApiProperty({ example: 'demo-user' }) user_id!: string;
  @ApiProperty({ example: 'demo-org' }) org_id!: string;
  @ApiProperty({ type: [String], description: 'The integrations it may use.', example: ['notion'] })
  integrations!: string[];
  @ApiProperty({ enum: SESSION_PERMISSIONS, isArray: true, description: 'What else it may do.', example: [] })
  permissions!: SessionPermission[];
  @ApiProperty({ type: 'integer', description: 'Seconds.', example: 3600 }) expires_in!: number;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where to lead the person back to.',
    example: 'http://localhost:3000/settings',
  })
  return_url!: string | null;
}
