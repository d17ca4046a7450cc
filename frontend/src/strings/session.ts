export const sessionStrings = {
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
};
