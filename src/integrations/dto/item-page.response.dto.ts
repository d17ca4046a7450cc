import { ApiProperty } from '@nestjs/swagger';

const NULLABLE_TEXT = { type: String, nullable: true } as const;
const NULLABLE_TIME = { type: String, format: 'date-time', nullable: true } as const;

export class IntegrationItemResponse {
  @ApiProperty({ description: 'Unique within a connection.', example: '59833787-2cf9-4fdf-8782-e53db20768a5' })
  id!: string;
  @ApiProperty({ example: 'page' }) type!: string;
  @ApiProperty({ description: 'Whether it holds other items.' }) directory!: boolean;
  @ApiProperty(NULLABLE_TEXT) parent_path_or_name!: string | null;
  @ApiProperty(NULLABLE_TEXT) parent_id!: string | null;
  @ApiProperty({ ...NULLABLE_TEXT, example: 'Roadmap' }) name!: string | null;
  @ApiProperty({ ...NULLABLE_TIME, example: '2026-03-14T09:26:53.000Z' }) creation_time!: string | null;
  @ApiProperty(NULLABLE_TIME) last_modified_time!: string | null;
  @ApiProperty({ ...NULLABLE_TEXT, example: 'https://www.notion.so/598337872cf94fdf8782e53db20768a5' }) url!:
    string | null;
  @ApiProperty({ type: [String], nullable: true }) children!: string[] | null;
  @ApiProperty(NULLABLE_TEXT) mime_type!: string | null;
  @ApiProperty(NULLABLE_TEXT) delta!: string | null;
  @ApiProperty(NULLABLE_TEXT) drive_id!: string | null;
  @ApiProperty({ description: 'False for what the provider hides: archived, in the trash, deactivated.' })
  visibility!: boolean;
  @ApiProperty({ example: 'notion' }) integration!: string;
  @ApiProperty({ example: 'con_4ZkFq0n8X2m3vJc1yTbRdA' }) connection_id!: string;
}

export class LoadFailureResponse {
  @ApiProperty({ example: 'database' }) item_type!: string;
  @ApiProperty({ description: 'An error code.', example: 'provider_timeout' }) error!: string;
  @ApiProperty({ example: 'The provider did not answer in time.' }) message!: string;
}

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
}

/** RFC 7234 §5.5.1. */
export const STALE_WARNING = '110 - "Response is Stale"';

/** The answer of a load, with what comes along when it is stale. */
export const ITEM_PAGE = {
  type: ItemPageResponse,
  headers: {
    Warning: { $ref: '#/components/headers/Warning' },
    'Retry-After': { $ref: '#/components/headers/Retry-After' },
  },
};
