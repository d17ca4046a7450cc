import { accountOf, type Account } from '../core/accounts.ts';
import { uuid } from '../core/identifiers.ts';

export interface NotionAccount extends Account {
  readonly workspaceId: string;
  readonly userId: string;
  readonly icon: string | null;
}

export function notionAccount(seed: string, account: number): NotionAccount {
  return {
    ...accountOf(seed, 'notion', account),
    workspaceId: uuid.make(`${seed}/notion/workspace`, account),
    userId: uuid.make(`${seed}/notion/owner`, account),
    icon: account === 0 ? null : '🏢',
  };
}

/** The bot of an app in a workspace: the same for every authorization, so it identifies the connection. */
export function botId(seed: string, clientId: string, account: number): string {
  return uuid.make(`${seed}/notion/bot/${clientId}`, account);
}

export function ownerOf(account: NotionAccount): Readonly<Record<string, unknown>> {
  return {
    type: 'user',
    user: {
      object: 'user',
      id: account.userId,
      name: account.person,
      avatar_url: null,
      type: 'person',
      person: { email: account.email, email_verified: true },
    },
  };
}
