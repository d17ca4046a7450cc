import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IntegrationItemResponse, LoadFailureResponse, TypeChangesResponse } from './item.response.dto.ts';

export class LoadProgressResponse {
  @ApiProperty({ example: 'contact' }) item_type!: string;
  @ApiProperty({ example: 12_300 }) loaded!: number;
  @ApiProperty({ description: 'Of the provider’s.', example: 123 }) pages!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'How many there are, where the provider tells.' })
  total!: number | null;
  @ApiProperty({ description: 'How often the provider’s limit, or an outage, made us wait.', example: 2 })
  waits!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Seconds until we go on; null when we aren’t waiting.' })
  waiting_in!: number | null;
  @ApiProperty() done!: boolean;
}

export class StreamEndResponse {
  @ApiProperty({ example: 48_210 }) loaded!: number;
  @ApiProperty({ description: 'False when something that was asked for could not be had.' }) complete!: boolean;
  @ApiProperty({ type: [LoadFailureResponse] }) failures!: LoadFailureResponse[];
  @ApiProperty({
    description:
      'Pass it as checkpoint: what is missing is loaded from where it was left, the rest since this load began.',
  })
  checkpoint!: string;
  @ApiProperty({ type: [TypeChangesResponse] }) changes!: TypeChangesResponse[];
}

/** Each line has one of these. */
export class StreamLineResponse {
  @ApiPropertyOptional() item?: IntegrationItemResponse;
  @ApiPropertyOptional() progress?: LoadProgressResponse;
  @ApiPropertyOptional({ description: 'From where a stream that broke off goes on. Every second.' })
  checkpoint?: string;
  @ApiPropertyOptional() end?: StreamEndResponse;
}
