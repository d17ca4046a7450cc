/** The four providers the sandbox plays; each lives under a path prefix of its own name. */
export const PROVIDER_NAMES = ['airtable', 'notion', 'hubspot', 'slack'] as const;

export type ProviderName = (typeof PROVIDER_NAMES)[number];

export function isProviderName(value: unknown): value is ProviderName {
  return PROVIDER_NAMES.some((name) => name === value);
}
