import { Body, Controller, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CallableWith } from '../../callers/access.ts';
import { ApiErrors, PROVIDER_ERRORS } from '../../errors/api-errors.ts';
import { ITEM_PAGE } from '../dto/item-page.response.dto.ts';
import { LoadRequest } from '../dto/load.request.dto.ts';
import { IntegrationController } from '../integration.controller.ts';
import { HubspotService } from './hubspot.service.ts';

@ApiTags('HubSpot')
@Controller('integrations/hubspot')
export class HubspotController extends IntegrationController {
  constructor(@Inject(HubspotService) service: HubspotService) {
    super(service);
  }

  @Post('get_hubspot_items')
  @CallableWith('items:read')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The account’s items: the older name of load' })
  @ApiOkResponse(ITEM_PAGE)
  @ApiErrors('connection_not_found', 'cursor_invalid', ...PROVIDER_ERRORS)
  hubspotItems(@Body() body: LoadRequest, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.load(body, request, response);
  }
}
