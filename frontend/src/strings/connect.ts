export const connectStrings = {
  button: 'Connect',
  another: 'Connect another account',
  label: (integration: string) => `Connect ${integration}`,
  anotherLabel: (integration: string) => `Connect another account at ${integration}`,
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
  thisAccount: 'the account',
  news: {
    added: (account: string) => ({ title: 'Connected', hint: `${account} is connected.` }),
    renewed: (account: string) => ({ title: 'Connected again', hint: `${account} works again, with a fresh grant.` }),
    already: (account: string) => ({
      title: 'This account was connected already',
      hint: `Its grant has been renewed, and no second one added for ${account}. For another account, sign out at the provider first.`,
    }),
    another: (account: string) => ({
      title: 'Another account is connected',
      hint: `You signed in as ${account}, which was added beside the one you meant. To renew that one, sign in with it.`,
    }),
  },
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
};
