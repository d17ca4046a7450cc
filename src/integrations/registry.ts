import type { IntegrationKeys } from '../config/app-config.ts';
import type { Integration } from './integration.ts';

const folders = await Promise.all([
  import('./airtable/airtable.integration.ts'),
  import('./notion/notion.integration.ts'),
  import('./hubspot/hubspot.integration.ts'),
  import('./slack/slack.integration.ts'),
]);

/** Every integration there is. Adding one is a folder beside these and a line above. */
export const registry: readonly Integration[] = folders.map((folder) => folder.integration);

/** What their settings are read by. */
export const integrationKeys: readonly IntegrationKeys[] = registry.map(({ descriptor }) => descriptor);

export const integrationNames: readonly string[] = registry.map(({ descriptor }) => descriptor.name);
