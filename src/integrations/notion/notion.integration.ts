import type { Integration } from '../integration.ts';
import { notionDescriptor } from './notion.descriptor.ts';

export const integration: Integration = {
  descriptor: notionDescriptor,
  parts: async () => ({
    module: (await import('./notion.module.ts')).NotionModule,
    service: (await import('./notion.service.ts')).NotionService,
  }),
};
