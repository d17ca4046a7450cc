import type { Integration } from '../api/types.ts';

/** The integrations whose name or item types hold every word of `text`, in any case. */
export function searchIntegrations(integrations: Integration[], text: string): Integration[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return integrations.filter(({ integration, display_name: displayName, item_types: itemTypes }) => {
    const haystack = [integration, displayName, ...itemTypes].join(' ').toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}
