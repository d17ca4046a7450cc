import type { Integration } from '../integration.ts';
import { notionDescriptor } from './notion.descriptor.ts';
import { NotionModule } from './notion.module.ts';
import { NotionService } from './notion.service.ts';

export const integration: Integration = { descriptor: notionDescriptor, module: NotionModule, service: NotionService };
