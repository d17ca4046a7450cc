import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { OwnerRequest } from '../../callers/dto/owner.request.dto.ts';

export class ConnectionListRequest extends OwnerRequest {
  @ApiPropertyOptional({ description: 'Only this integration’s.', example: 'notion' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'must be the name of an integration' })
  integration?: string;
}
