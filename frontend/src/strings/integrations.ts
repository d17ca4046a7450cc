export const integrationsStrings = {
  heading: 'Integrations',
  loading: 'Looking up the integrations…',
  none: 'This Patchbay has no integrations.',
  failed: "The integrations couldn't be read",
  sandbox: 'Sandbox',
  sandboxHint: 'Connects to the built-in sandbox: invented data, no real account.',
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
  details: 'What it reads',
  itemTypes: 'Item types',
  scopes: 'Scopes asked for',
  nothingListed: 'none',
};
