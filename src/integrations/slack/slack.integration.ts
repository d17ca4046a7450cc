import type { Integration } from '../integration.ts';
import { slackDescriptor } from './slack.descriptor.ts';

export const integration: Integration = {
  descriptor: slackDescriptor,
  parts: async () => ({
    module: (await import('./slack.module.ts')).SlackModule,
    service: (await import('./slack.service.ts')).SlackService,
  }),
};
