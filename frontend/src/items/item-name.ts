import type { IntegrationItem } from '../api/types.ts';
import { strings } from '../strings.ts';

export function nameOf({ name }: IntegrationItem): string {
  return name?.trim() ? name : strings.load.unnamed;
}
