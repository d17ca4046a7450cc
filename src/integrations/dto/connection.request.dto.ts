import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsIn, Matches } from 'class-validator';
import { listOf, optional } from '../../callers/dto/form-values.ts';
import { OwnerRequest } from '../../callers/dto/owner.request.dto.ts';

const CONNECTION_ID = /^con_[A-Za-z0-9_-]{22}$/;

/** Which connection. Without an id, the owner's most recently authorised one. */
export class ConnectionRequest extends OwnerRequest {
  @ApiPropertyOptional({ pattern: CONNECTION_ID.source, description: 'Left out: the one authorised last.' })
  @optional()
  @Matches(CONNECTION_ID, { message: 'is not a connection id' })
  connection_id?: string;
}

export class CredentialsRequest extends ConnectionRequest {
  @ApiPropertyOptional({ enum: ['access_token'], isArray: true, description: 'Needs an API client with tokens:read.' })
  @optional()
  @listOf
  @ArrayMaxSize(1, { message: 'may hold access_token alone' })
  @IsIn(['access_token'], { each: true, message: 'may hold access_token alone' })
  include?: 'access_token'[];
}
