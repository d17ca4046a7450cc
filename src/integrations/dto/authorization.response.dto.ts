import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class AuthorizeResponse {
  @ApiProperty({ description: 'Open it in a popup.', example: 'https://airtable.com/oauth2/v1/authorize?…' })
  authorization_url!: string;
  @ApiProperty({ description: 'Single use.', example: 'q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg' }) state!: string;
  @ApiProperty({ type: 'integer', description: 'Seconds.', example: 600 }) expires_in!: number;
}

export class AuthorizationOutcomeResponse {
  @ApiProperty({ enum: ['pending', 'connected', 'denied', 'failed', 'expired'], example: 'connected' })
  status!: 'pending' | 'connected' | 'denied' | 'failed' | 'expired';
  @ApiPropertyOptional({ example: 'con_4ZkFq0n8X2m3vJc1yTbRdA' }) connection_id?: string;
  @ApiPropertyOptional({ description: 'One of the error codes, or access_denied.' }) error?: string;
}
