import { Draw } from './draw.ts';
import { COMPANIES, FIRST_NAMES, LAST_NAMES } from './names.ts';
import type { ProviderName } from './providers.ts';

/** The generated accounts a person can choose on a consent page, by number. */
export const ACCOUNTS = [0, 1, 2] as const;

export interface Account {
  readonly company: string;
  /** Of the company: lower case, letters, digits and dashes. */
  readonly slug: string;
  readonly person: string;
  readonly email: string;
}

/** Who is behind an account: the same company plays itself at every provider. */
export function accountOf(seed: string, provider: ProviderName, account: number): Account {
  const first = new Draw(`${seed}/companies`).int(COMPANIES.length);
  const company = COMPANIES[(first + account * 5) % COMPANIES.length] ?? 'Acme';
  const draw = new Draw(`${seed}/${provider}/${account}/owner`);
  const person = `${draw.pick(FIRST_NAMES)} ${draw.pick(LAST_NAMES)}`;
  const slug = company.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const local = person.toLowerCase().replace(/[^a-z]+/g, '.');
  return { company, slug, person, email: `${local}@${slug}.example` };
}
