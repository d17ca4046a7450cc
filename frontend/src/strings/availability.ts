export const availabilityStrings = {
  offline: {
    title: 'You are offline.',
    hint: 'What is on the page stays; everything goes on when your network is back.',
  },
  away: {
    title: "Patchbay doesn't answer right now.",
    hint: 'It may be restarting. This page asks by itself and goes on when it is back.',
  },
  limited: {
    title: 'That was too much at once.',
    hint: 'Patchbay asks for a short break; this page goes on by itself.',
  },
  countdown: (seconds: number) => `Back in ${seconds} s.`,
  now: 'Try now',
};
