export const focusedStrings = {
  title: 'Connect your accounts',
  lead: (user: string, org: string) => `For ${user} of ${org}`,
  back: (host: string) => `Back to ${host}`,
  done: 'Connected. You can connect more, or go back.',
  leaving: (host: string) => `Connected. Taking you back to ${host}…`,
  elsewhere: 'To connect an account, this has to be in a window of its own.',
  elsewhereHint: 'When you are done there, come back to this page.',
  newWindow: 'Open in a new window',
  noLink: 'This page opens from a link',
  noLinkHint: 'The application that uses Patchbay makes one for you. Go back there and choose to connect an account.',
};
