import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

export class AuthorizationParameters {
  @ApiProperty({
    description: 'As authorize answered it.',
    pattern: '^[A-Za-z0-9_-]{16,128}$',
    example: 'q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg',
  })
  @Matches(/^[A-Za-z0-9_-]{16,128}$/, { message: 'is not a state' })
  state!: string;
}
