import { writeCount } from './counts.ts';

/** `a`, `a and b`, `a, b, and c`. By hand, as the page's first sight would wait for Intl.ListFormat to be made. */
function conjunction(names: string[]): string {
  if (names.length < 2) return names.join();
  const others = names.slice(0, -1);
  return `${others.join(', ')}${others.length > 1 ? ',' : ''} and ${names.at(-1)}`;
}

export const integrationsStrings = {
  heading: 'Integrations',
  loading: 'Looking up the integrations…',
  slow: 'This takes longer than usual. Nothing is wrong yet; it goes on by itself.',
  none: 'This Patchbay has no integrations.',
  failed: "The integrations couldn't be read",
  search: 'Search integrations',
  searchHint: 'Name or item type',
  clear: 'Show all',
  count: (shown: number, all: number) =>
    shown === all
      ? `${writeCount(all)} ${all === 1 ? 'integration' : 'integrations'}`
      : `${writeCount(shown)} of ${writeCount(all)} integrations`,
  noMatch: (text: string) => `No integration is called “${text}” or has such items.`,
  first: 'Nothing is connected yet',
  firstHint: 'Press Connect on one of these, say yes in the window that opens, and you are back here with the account.',
  sandbox: 'Sandbox',
  sandboxHint: 'Sandbox: the providers are played by this computer, with invented data. No real account is needed.',
  reads: (types: string[]) => `Reads ${conjunction(types.map((type) => type.replaceAll('_', ' ')))} items`,
  status: {
    available: 'Available',
    degraded: 'Degraded',
    unavailable: 'Unavailable',
    not_configured: 'Not configured',
  },
  statusHint: {
    available: '',
    degraded: 'The provider is failing some of the time: things may take longer or need another try.',
    unavailable: "The provider can't be reached at the moment. What was loaded earlier may still be shown.",
    not_configured: 'The operator has to set its client id and secret before anybody can connect.',
  },
  details: 'What it reads and asks for',
  itemTypes: 'Item types',
  scopes: 'Scopes asked for',
  nothingListed: 'none',
};
