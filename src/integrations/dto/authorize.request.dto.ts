import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsString, Length, Matches } from 'class-validator';
import { listOf, optional } from '../../callers/dto/form-values.ts';
import { OwnerRequest } from '../../callers/dto/owner.request.dto.ts';

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ); a comma separates at some providers, so none inside.
const SCOPE_TOKEN = /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,128}$/;

export class AuthorizeRequest extends OwnerRequest {
  @ApiPropertyOptional({
    type: [String],
    description: 'What to ask for. Left out: the configured scopes.',
    minItems: 1,
    maxItems: 50,
  })
  @optional()
  @listOf
  @ArrayNotEmpty({ message: 'must not be empty' })
  @ArrayMaxSize(50, { message: 'may hold at most 50' })
  @Matches(SCOPE_TOKEN, { each: true, message: 'must be a list of scope tokens (RFC 6749 §3.3)' })
  scopes?: string[];

  @ApiPropertyOptional({
    description:
      'Where the browser goes afterwards, on an allowed origin. Left out: the popup tells its opener and closes.',
    minLength: 1,
    maxLength: 2048,
  })
  @optional()
  @IsString({ message: 'must be a URL' })
  @Length(1, 2048, { message: 'must be 1 to 2048 characters' })
  return_url?: string;
}
