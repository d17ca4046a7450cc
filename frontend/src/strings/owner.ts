export const ownerStrings = {
  heading: 'Acting as',
  explanation: 'Demo: choose whose connections to show. Any ids do; they stay in this browser.',
  userId: 'User id',
  orgId: 'Organisation id',
  apply: 'Use these ids',
  invalid: 'Use 1 to 128 of: letters, digits and . _ : @ -',
  applied: (userId: string, orgId: string) => `Now acting as ${userId} in ${orgId}.`,
};
