import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { optional } from '../../callers/dto/form-values.ts';
import { OwnerRequest } from '../../callers/dto/owner.request.dto.ts';

export class ConnectionListRequest extends OwnerRequest {
  @ApiPropertyOptional({ description: 'Only this integration’s.', example: 'notion' })
  @optional()
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'must be the name of an integration' })
  integration?: string;
}
