import type { Connection } from '../api/types.ts';
import { strings } from '../strings.ts';

/** What to call a connected account: its name, else its id at the provider. */
export function accountName({ account }: Connection): string {
  return [account.name, account.id].find((name) => name?.trim()) ?? strings.connections.unnamed;
}
