import type { Integration } from '../integration.ts';
import { slackDescriptor } from './slack.descriptor.ts';

export const integration: Integration = {
  descriptor: slackDescriptor,
  parts: async () => {
    const [{ SlackModule: module }, { SlackService: service }] = await Promise.all([
      import('./slack.module.ts'),
      import('./slack.service.ts'),
    ]);
    return { module, service };
  },
};
