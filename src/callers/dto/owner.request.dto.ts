import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

export const IDENTIFIER = /^[A-Za-z0-9._:@-]{1,128}$/;
const MESSAGE = { message: 'must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' };

/** For whom: the integrator's own identifiers of a user and the organisation it belongs to. */
export class OwnerRequest {
  @ApiProperty({ pattern: IDENTIFIER.source, minLength: 1, maxLength: 128, example: 'demo-user' })
  @Matches(IDENTIFIER, MESSAGE)
  user_id!: string;

  @ApiProperty({ pattern: IDENTIFIER.source, minLength: 1, maxLength: 128, example: 'demo-org' })
  @Matches(IDENTIFIER, MESSAGE)
  org_id!: string;
}

export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && IDENTIFIER.test(value);
}
