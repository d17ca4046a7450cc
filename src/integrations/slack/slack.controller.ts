import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IntegrationController } from '../integration.controller.ts';
import { SlackService } from './slack.service.ts';

@ApiTags('Slack')
@Controller('integrations/slack')
export class SlackController extends IntegrationController {
  constructor(@Inject(SlackService) service: SlackService) {
    super(service);
  }
}
