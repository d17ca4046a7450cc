import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { NDJSON } from '../load-stream.ts';
import { IntegrationItemResponse, LoadFailureResponse, TypeChangesResponse } from './item.response.dto.ts';
import { StreamLineResponse } from './stream-line.response.dto.ts';

const NULLABLE_TEXT = { type: String, nullable: true } as const;

export class ItemPageResponse {
  @ApiProperty({ type: [IntegrationItemResponse] }) items!: IntegrationItemResponse[];
  @ApiProperty({ ...NULLABLE_TEXT, description: 'Pass it as cursor for the next page; null at the end.' })
  next_cursor!: string | null;
  @ApiProperty({ description: 'False when something that was asked for could not be had.' }) complete!: boolean;
  @ApiProperty({
    description:
      'True when the provider can’t be reached and the page is shown as it was loaded earlier. Its cursor goes on in that ' +
      'load while the provider is away, and at the provider once it is back.',
    example: false,
  })
  stale!: boolean;
  @ApiProperty({ format: 'date-time', description: 'When the page was loaded from the provider.' }) as_of!: string;
  @ApiProperty({ type: [LoadFailureResponse] }) failures!: LoadFailureResponse[];
  @ApiProperty({
    ...NULLABLE_TEXT,
    description: 'At the end of a load: pass it as checkpoint to load what changed since this load began. Null before.',
  })
  checkpoint!: string | null;
  @ApiProperty({
    type: [TypeChangesResponse],
    description: 'For a load of what changed: how that was found, by item type. Empty for a whole load.',
  })
  changes!: TypeChangesResponse[];
}

/** RFC 7234 §5.5.1. */
export const STALE_WARNING = '110 - "Response is Stale"';

/** The answer of a load: a page, with what comes along when it is stale, or a stream of lines. */
export const ITEM_PAGE = {
  description: 'A page, or a stream of lines.',
  content: {
    'application/json': { schema: { $ref: getSchemaPath(ItemPageResponse) } },
    [NDJSON]: { schema: { $ref: getSchemaPath(StreamLineResponse) } },
  },
  headers: {
    Warning: { $ref: '#/components/headers/Warning' },
    'Retry-After': { $ref: '#/components/headers/Retry-After' },
  },
};
