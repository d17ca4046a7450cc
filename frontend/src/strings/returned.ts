export const returnedStrings = {
  connected: 'You are back: the account is connected',
  denied: 'You are back: access was declined',
  failed: "You are back: the sign-in didn't work out",
  hint: {
    connected: 'You can load its items now.',
    denied: 'Nothing was stored. Press Connect to try again.',
    failed: 'Press Connect to try again.',
  },
};
