import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsObject, IsOptional, IsString, Length, Matches } from 'class-validator';
import { listOf } from './form-values.ts';
import { OwnerRequest } from './owner.request.dto.ts';

export class SessionRequest extends OwnerRequest {
  @ApiPropertyOptional({
    type: [String],
    description: 'Which integrations it is for. Left out: all.',
    example: ['notion'],
  })
  @IsOptional()
  @listOf
  @ArrayNotEmpty({ message: 'must not be empty' })
  @ArrayMaxSize(50, { message: 'may hold at most 50' })
  @Matches(/^[a-z0-9-]{1,64}$/, { each: true, message: 'must be a list of integrations' })
  integrations?: string[];

  @ApiPropertyOptional({
    description: 'Which allowed frontend the connect URL leads to. Left out: Patchbay’s own page.',
  })
  @IsOptional()
  @IsString({ message: 'must be an origin' })
  @Length(1, 512, { message: 'must be an origin' })
  origin?: string;
}

export class SessionTokenResponse {
  @ApiProperty({ description: 'Single use, for the browser that is to act.' }) session_token!: string;
  @ApiProperty({ description: 'A page that activates the session by itself.' }) connect_url!: string;
  @ApiProperty({ type: 'integer', description: 'Seconds.', example: 600 }) expires_in!: number;
}

export class ActivateRequest {
  @ApiProperty()
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'is not a session token' })
  session_token!: string;

  @ApiProperty({
    type: 'object',
    description: 'The public P-256 key as a JWK; the request must be signed with its private half.',
    properties: { kty: { enum: ['EC'] }, crv: { enum: ['P-256'] }, x: { type: 'string' }, y: { type: 'string' } },
    required: ['kty', 'crv', 'x', 'y'],
    additionalProperties: true,
  })
  @IsObject({ message: 'must be a JWK' })
  public_key!: Record<string, unknown>;
}

export class SessionResponse {
  @ApiProperty({ example: 'ses_8K2vX0m3vJc1yTbRdA4ZkF' }) session_id!: string;
  @ApiProperty() user_id!: string;
  @ApiProperty() org_id!: string;
  @ApiProperty({ type: [String], description: 'The integrations it may use.' }) integrations!: string[];
  @ApiProperty({ type: 'integer', description: 'Seconds.', example: 3600 }) expires_in!: number;
}
