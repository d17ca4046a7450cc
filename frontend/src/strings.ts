const number = new Intl.NumberFormat();

function items(count: number): string {
  return `${number.format(count)} ${count === 1 ? 'item' : 'items'}`;
}

/** Every word the page says, in one place. */
export const strings = {
  productName: 'Patchbay',
  tagline: 'Connect accounts and load their items',
  apiDocs: 'API docs',
  dismiss: 'Dismiss',
  retry: 'Try again',

  owner: {
    heading: 'Acting as',
    explanation: 'Demo: choose whose connections to show. Any ids do; they stay in this browser.',
    userId: 'User id',
    orgId: 'Organisation id',
    apply: 'Use these ids',
    invalid: 'Use 1 to 128 of: letters, digits and . _ : @ -',
    applied: (userId: string, orgId: string) => `Now acting as ${userId} in ${orgId}.`,
  },

  session: {
    arriving: 'Signing you in…',
    explanation: 'Signed in by the application that sent you here.',
    inOrganisation: 'of',
    signOut: 'Sign out',
    ended: 'Your session has ended. Go back to the application that sent you here and open this page from there again.',
    noDemo: 'This Patchbay has no demo sign-in: open this page from the application that uses it.',
    linkRefused:
      'It was used before, or it is older than 10 minutes. Go back to the application that gave it to you and ask for a new one.',
    out: {
      ended: {
        title: 'Your session has ended',
        hint: 'Go back to the application that sent you here and open this page from there again. What is connected stays connected.',
      },
      signed_out: {
        title: 'You are signed out',
        hint: 'What is connected stays connected. To come back, open this page from your application again.',
      },
      link_refused: { title: "This link can't be used", hint: '' },
      link_failed: { title: "You couldn't be signed in", hint: '' },
      no_demo: { title: 'Nobody is signed in', hint: '' },
      insecure: {
        title: 'This page needs a secure address',
        hint: "It signs all it sends, and browsers allow that over https and on this very computer only. Ask the operator for Patchbay's https address.",
      },
    },
  },

  integrations: {
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
  },

  connections: {
    loading: 'Looking up the connections…',
    failed: "The connections couldn't be read",
    none: 'Not connected yet.',
    list: (integration: string) => `Connected ${integration} accounts`,
    unnamed: 'Unnamed account',
    status: { active: 'Active', reauthorization_required: 'Reconnect needed' },
    reauthorize: (integration: string) => `${integration} has withdrawn this grant. Reconnect to use it again.`,
    since: 'Connected since',
    scopes: 'Granted scopes',
    load: 'Load items',
    loadLabel: (account: string) => `Load items of ${account}`,
    reconnect: 'Reconnect',
    reconnectLabel: (account: string) => `Reconnect ${account}`,
    disconnect: 'Disconnect',
    disconnectLabel: (account: string) => `Disconnect ${account}`,
  },

  disconnect: {
    title: (account: string) => `Disconnect ${account}?`,
    consequence: (integration: string) =>
      `Patchbay asks ${integration} to revoke the access and deletes its own copy. Items can't be loaded until somebody connects again.`,
    confirm: 'Disconnect',
    keep: 'Keep it',
    failed: "It couldn't be disconnected",
    revoked: (account: string, integration: string) =>
      `${account} is disconnected, and ${integration} confirmed that the access is revoked.`,
    notRevoked: (account: string, integration: string) =>
      `${account} is deleted here, but ${integration} didn't confirm the revocation. Remove Patchbay in ${integration}'s own settings to be sure.`,
  },

  connect: {
    button: 'Connect',
    another: 'Connect another account',
    label: (integration: string) => `Connect ${integration}`,
    anotherLabel: (integration: string) => `Connect another ${integration} account`,
    popupPlaceholder: 'Preparing…',
    preparing: 'Preparing the sign-in…',
    waiting: 'Finish in the popup window',
    waitingHint: (integration: string) =>
      `Say yes or no at ${integration}; this page notices by itself. Don't see the window? Open it again.`,
    unreachable: "Patchbay doesn't answer right now; still trying.",
    openAgain: 'Open again',
    cancel: 'Cancel',
    blocked: 'Your browser blocked the popup',
    blockedHint: (integration: string) =>
      `Continue to ${integration} in this tab and you'll be brought back here, or allow popups for this page and connect again.`,
    sameTab: (integration: string) => `Continue to ${integration} in this tab`,
    connected: 'Connected',
    connectedHint: 'You can load its items now.',
    denied: 'Not connected: access was declined',
    deniedHint: (integration: string) =>
      `Nothing was stored. To connect after all, try again and approve at ${integration}.`,
    failed: 'Not connected: something went wrong',
    failedHint: (integration: string, code: string | null) =>
      code === null
        ? `The sign-in at ${integration} didn't work out. Try again.`
        : `The sign-in at ${integration} didn't work out (${code}). Try again; if it stays, tell the operator this code.`,
    expired: 'Not connected: time ran out',
    expiredHint: 'A sign-in is only good for some minutes. Try again and finish it in the window.',
    cancelled: 'No longer waiting',
    cancelledHint: 'If you still finish in the popup, the account is connected; reload the page to see it.',
    error: "The sign-in couldn't be started or followed",
  },

  returned: {
    connected: 'You are back: the account is connected',
    denied: 'You are back: access was declined',
    failed: "You are back: the sign-in didn't work out",
    hint: {
      connected: 'You can load its items now.',
      denied: 'Nothing was stored. Press Connect to try again.',
      failed: 'Press Connect to try again.',
    },
  },

  load: {
    section: 'Items',
    heading: (account: string, integration: string) => `Items of ${account} (${integration})`,
    count: items,
    loading: 'loading…',
    waiting: (seconds: number) => `waiting ${seconds} s for the request limit…`,
    stop: 'Stop',
    resume: 'Go on',
    restart: 'Start over',
    close: 'Close',
    started: 'Loading items.',
    stopped: (count: number) => `Stopped after ${items(count)}.`,
    done: (count: number) => `All ${items(count)} loaded.`,
    doneEmpty: 'There are no items in this account.',
    incomplete: (count: number) => `${items(count)} loaded, but not everything could be had.`,
    failed: (count: number) => `Loading failed after ${items(count)}`,
    retry: 'Retry from here',
    staleHeading: 'From an earlier load',
    stale: (moment: string | null) =>
      moment === null
        ? "The provider can't be reached; this is what was loaded last."
        : `The provider can't be reached; this is what was loaded on ${moment}.`,
    failuresHeading: 'Some item types could not be loaded',
    table: (account: string) => `Items of ${account}`,
    zone: (zone: string) => `Times are in ${zone}.`,
    shown: (shown: number, count: number) => `Showing ${number.format(shown)} of ${number.format(count)}.`,
    more: (rows: number) => `Show ${number.format(rows)} more`,
    columns: {
      name: 'Name',
      type: 'Type',
      parent: 'Parent',
      created: 'Created',
      modified: 'Modified',
      visibility: 'Visibility',
    },
    unnamed: 'Unnamed',
    opensNewTab: '(opens in a new tab)',
    visible: 'Visible',
    hidden: 'Hidden',
    absent: '–',
  },

  failures: {
    network: "Patchbay can't be reached. Check your connection and whether the service is running, then try again.",
    timeout: 'Patchbay took too long to answer. Try again in a moment.',
    unexplained: (status: number) =>
      `The answer was HTTP ${status} without an explanation, probably from something in front of Patchbay. Try again in a moment.`,
    unreadable: "Patchbay's answer couldn't be understood. Reload the page; it may be older than the service.",
    page: 'Something went wrong in this page. Reload it and try again.',
    cursorRepeated: 'The service gave the same place twice, so loading was stopped rather than going round in circles.',
    code: 'Error code',
    requestId: 'Request id',
    copy: 'Copy',
    copied: 'Copied',
    copyLabel: 'Copy error code and request id',
    retryAfter: (seconds: number) => `Worth another try in ${seconds} s.`,
  },
};
