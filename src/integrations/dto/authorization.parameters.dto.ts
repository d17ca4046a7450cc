import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

export class AuthorizationParameters {
  @ApiProperty({ description: 'As authorize answered it.' })
  @Matches(/^[A-Za-z0-9_-]{16,128}$/, { message: 'is not a state' })
  state!: string;
}
