export const disconnectStrings = {
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
};
