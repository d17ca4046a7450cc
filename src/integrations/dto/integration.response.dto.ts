import { ApiProperty } from '@nestjs/swagger';

export class IntegrationResponse {
  @ApiProperty({ example: 'notion' }) integration!: string;
  @ApiProperty({ example: 'Notion' }) display_name!: string;
  @ApiProperty({ enum: ['available', 'degraded', 'unavailable', 'not_configured'] })
  status!: 'available' | 'degraded' | 'unavailable' | 'not_configured';
  @ApiProperty({ description: 'Whether the sandbox plays the provider.' }) sandbox!: boolean;
  @ApiProperty({ type: [String], example: ['page', 'database'] }) item_types!: string[];
  @ApiProperty({ type: [String], example: ['page'] }) default_item_types!: string[];
  @ApiProperty({ type: [String], example: [] }) scopes!: string[];
}

export class IntegrationListResponse {
  @ApiProperty({ type: [IntegrationResponse] }) integrations!: IntegrationResponse[];
}
