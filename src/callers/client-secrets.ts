import type { CredentialCipher, SealContext } from '../crypto/credential-cipher.ts';
import type { ApiClient } from './api-client.ts';

/** A secret's place is its client; the record's version says nothing of it, since two secrets outlive many versions. */
export function clientSecretContext(clientId: string): SealContext {
  const nobody = { orgId: '', userId: '', integration: '' };
  return { purpose: 'client-secret', ...nobody, connectionId: clientId, recordVersion: 0 };
}

/** Whether nothing of the client's is to be sealed again before another key than the active one may go. */
export function isSealedWithActiveKey(cipher: CredentialCipher, { credential }: ApiClient): boolean {
  return credential.algorithm !== 'hmac-sha256' || credential.secrets.every((sealed) => cipher.isCurrent(sealed));
}

/** The client with its secrets sealed with the key that is active now. @throws UnsealError */
export function withSecretsResealed(cipher: CredentialCipher, client: ApiClient): ApiClient {
  const { clientId, credential } = client;
  if (credential.algorithm !== 'hmac-sha256') return client;
  const context = clientSecretContext(clientId);
  const secrets = credential.secrets.map((sealed) => cipher.seal(cipher.open(sealed, context), context));
  return { ...client, credential: { ...credential, secrets } };
}
