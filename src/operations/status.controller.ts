import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PermittedOnly } from '../callers/access.ts';
import { NoQuery } from '../callers/dto/no-query.request.dto.ts';
import { StatusResponse } from './dto/status.response.dto.ts';
import { StatusReport } from './status-report.ts';

export const STATUS_PATH = '/operations/status';

@ApiTags('Operations')
@Controller(STATUS_PATH)
export class StatusController {
  constructor(@Inject(StatusReport) private readonly report: StatusReport) {}

  @Get()
  @PermittedOnly('operations:read')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'How this process does, and has done since its start',
    description:
      'Circuits, pacing, requests, latencies, refreshes and the store, each with its history in at most 240 intervals. Of ' +
      'the process that answers: others behind the same address have their own. Names integrations, and nobody.',
  })
  @ApiOkResponse({ type: StatusResponse })
  read(@Query() _query: NoQuery): StatusResponse {
    return this.report.read();
  }
}
