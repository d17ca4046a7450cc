export const failuresStrings = {
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
};
