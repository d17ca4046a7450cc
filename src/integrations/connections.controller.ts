import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../errors/api-errors.ts';
import { ConnectionListRequest } from './dto/connection-list.request.dto.ts';
import { ConnectionListResponse, connectionResponse } from './dto/connection.response.dto.ts';
import { CallableWith, CurrentCaller } from '../callers/access.ts';
import { mayUse, type Caller } from '../callers/caller.ts';
import { IntegrationKit } from './integration-kit.ts';
import { refuseUnknownIntegration } from './known-integration.middleware.ts';
import { ownerOf } from './request-values.ts';

@ApiTags('Connections')
@Controller('connections')
export class ConnectionsController {
  constructor(@Inject(IntegrationKit) private readonly kit: IntegrationKit) {}

  @Get()
  @CallableWith('connections:read')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The connections of a user, the latest authorised first' })
  @ApiOkResponse({ type: ConnectionListResponse })
  @ApiErrors('unknown_integration')
  async list(@Query() query: ConnectionListRequest, @CurrentCaller() caller: Caller): Promise<ConnectionListResponse> {
    if (query.integration !== undefined) refuseUnknownIntegration(query.integration);
    const connections = await this.kit.connections.list(ownerOf(query), query.integration);
    const shown = connections.filter(({ integration }) => mayUse(caller, integration));
    return { connections: shown.map(connectionResponse) };
  }
}
