import { accountOf, type Account } from '../core/accounts.ts';
import { hash53 } from '../core/hash.ts';

export interface HubspotAccount extends Account {
  readonly hubId: number;
  readonly userId: number;
  readonly appId: number;
  readonly hubDomain: string;
  /** Scopes this account's subscription doesn't have. */
  readonly lacks: readonly string[];
}

const PAID_SCOPES = ['crm.objects.custom.read', 'crm.schemas.custom.read', 'sales-email-read'];

/** One HubSpot account; the second is on the free tier. */
export function hubspotAccount(seed: string, account: number): HubspotAccount {
  const owner = accountOf(seed, 'hubspot', account);
  const number = hash53(`${seed}/hubspot/${account}/hub`);
  return {
    ...owner,
    hubId: 20_000_000 + (number % 9_000_000) * 3 + account,
    userId: 50_000_000 + (number % 8_999_999),
    appId: 1_234_567,
    hubDomain: `${owner.slug}.example`,
    lacks: account === 1 ? PAID_SCOPES : [],
  };
}
