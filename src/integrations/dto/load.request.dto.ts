import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsInt, IsISO8601, IsString, Length, Matches, Max, Min } from 'class-validator';
import { ConnectionRequest } from './connection.request.dto.ts';
import { MAX_CURSOR_LENGTH } from '../../items/load-cursor.ts';
import { listOf, optional, wholeNumber } from '../../callers/dto/form-values.ts';

export const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
const TIME = { message: 'must be an RFC 3339 time' };
// A day alone means its beginning in UTC. What else ISO 8601 has (weeks, ordinal days, no separators) Date can't read.
const RFC_3339 = /^\d{4}-\d{2}-\d{2}(?:[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2}))?$/;
const RANGE = { message: `must be a whole number from 1 to ${MAX_PAGE_SIZE}` };

export class LoadRequest extends ConnectionRequest {
  @ApiPropertyOptional({ type: [String], description: 'Left out: the integration’s default item types.' })
  @optional()
  @listOf
  @ArrayNotEmpty({ message: 'must not be empty' })
  @ArrayMaxSize(50, { message: 'may hold at most 50' })
  @Matches(/^[a-z_]{1,64}$/, { each: true, message: 'must be a list of item types' })
  item_types?: string[];

  @ApiPropertyOptional({ format: 'date-time', description: 'Only what changed since, where that can be known.' })
  @optional()
  @IsISO8601({ strict: true }, TIME)
  @Matches(RFC_3339, TIME)
  modified_since?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    description: `Left out: ${DEFAULT_PAGE_SIZE}.`,
  })
  @optional()
  @wholeNumber
  @IsInt(RANGE)
  @Min(1, RANGE)
  @Max(MAX_PAGE_SIZE, RANGE)
  page_size?: number;

  @ApiPropertyOptional({ description: 'next_cursor of the page before.' })
  @optional()
  @IsString({ message: 'must be a cursor' })
  @Length(1, MAX_CURSOR_LENGTH, { message: 'must be a cursor' })
  cursor?: string;

  @ApiPropertyOptional({
    description:
      'The checkpoint of an earlier load: of its end, for what changed since it began; of a stream that broke off, to go on. ' +
      'With the item types it was given for, and without cursor or modified_since.',
  })
  @optional()
  @IsString({ message: 'must be a checkpoint' })
  @Length(1, MAX_CURSOR_LENGTH, { message: 'must be a checkpoint' })
  checkpoint?: string;
}
