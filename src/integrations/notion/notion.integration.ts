import type { Integration } from '../integration.ts';
import { notionDescriptor } from './notion.descriptor.ts';

export const integration: Integration = {
  descriptor: notionDescriptor,
  parts: async () => {
    const [{ NotionModule: module }, { NotionService: service }] = await Promise.all([
      import('./notion.module.ts'),
      import('./notion.service.ts'),
    ]);
    return { module, service };
  },
};
