import type { Integration } from '../integration.ts';
import { notionDescriptor } from './notion.descriptor.ts';
import { NotionModule } from './notion.module.ts';

export const integration: Integration = { descriptor: notionDescriptor, module: NotionModule };
