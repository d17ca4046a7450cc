import type { Integration } from '../integration.ts';
import { slackDescriptor } from './slack.descriptor.ts';
import { SlackModule } from './slack.module.ts';
import { SlackService } from './slack.service.ts';

export const integration: Integration = { descriptor: slackDescriptor, module: SlackModule, service: SlackService };
