import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { ConnectionRequest } from './connection.request.dto.ts';
import { listOf, wholeNumber } from '../../callers/dto/form-values.ts';

export const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
const RANGE = { message: `must be a whole number from 1 to ${MAX_PAGE_SIZE}` };

export class LoadRequest extends ConnectionRequest {
  @ApiPropertyOptional({ type: [String], description: 'Left out: the integration’s default item types.' })
  @IsOptional()
  @listOf
  @ArrayNotEmpty({ message: 'must not be empty' })
  @ArrayMaxSize(50, { message: 'may hold at most 50' })
  @Matches(/^[a-z_]{1,64}$/, { each: true, message: 'must be a list of item types' })
  item_types?: string[];

  @ApiPropertyOptional({ format: 'date-time', description: 'Only what changed since, where that can be known.' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true }, { message: 'must be an RFC 3339 time' })
  modified_since?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    description: `Left out: ${DEFAULT_PAGE_SIZE}.`,
  })
  @IsOptional()
  @wholeNumber
  @IsInt(RANGE)
  @Min(1, RANGE)
  @Max(MAX_PAGE_SIZE, RANGE)
  page_size?: number;

  @ApiPropertyOptional({ description: 'next_cursor of the page before.' })
  @IsOptional()
  @IsString({ message: 'must be a cursor' })
  @Length(1, 16_384, { message: 'must be a cursor' })
  cursor?: string;
}
