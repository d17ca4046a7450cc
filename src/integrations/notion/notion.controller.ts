import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IntegrationController } from '../integration.controller.ts';
import { NotionService } from './notion.service.ts';

@ApiTags('Notion')
@Controller('integrations/notion')
export class NotionController extends IntegrationController {
  constructor(@Inject(NotionService) service: NotionService) {
    super(service);
  }
}
