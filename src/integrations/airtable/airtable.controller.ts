import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IntegrationController } from '../integration.controller.ts';
import { AirtableService } from './airtable.service.ts';

@ApiTags('Airtable')
@Controller('integrations/airtable')
export class AirtableController extends IntegrationController {
  constructor(@Inject(AirtableService) service: AirtableService) {
    super(service);
  }
}
