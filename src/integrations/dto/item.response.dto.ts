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

export class TypeChangesResponse {
  @ApiProperty({ example: 'contact' }) item_type!: string;
  @ApiProperty({
    enum: ['provider', 'patchbay', 'nobody'],
    description:
      'provider: its own filter finds them; patchbay: everything is read and compared by its time of change; nobody: the ' +
      'provider tells no such time, so everything comes again.',
  })
  found_by!: 'provider' | 'patchbay' | 'nobody';
  @ApiProperty({ description: 'Whether deleted items are among them, with delta "deleted".', example: false })
  deletions!: boolean;
}
