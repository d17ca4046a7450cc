import { positive, text, type Environment } from './environment-values.ts';
import { isProviderName, type ProviderName } from './providers.ts';
import type { TokenLives } from './settings.ts';

const KEYS = {
  SANDBOX_ACCESS_TOKEN_SECONDS: 'accessLifeSeconds',
  SANDBOX_REFRESH_TOKEN_SECONDS: 'refreshLifeSeconds',
} as const;

/** Lives in seconds: under `all` those of every provider, and those of single ones. */
export type Lives = Readonly<Partial<Record<ProviderName | 'all', Partial<TokenLives>>>>;

/** `60` for every provider, or `airtable=60,slack=120`. */
export function livesFrom(environment: Environment): Lives {
  const lives: Record<string, Partial<TokenLives>> = {};
  for (const [name, member] of Object.entries(KEYS)) {
    for (const part of text(environment, name)?.split(',') ?? []) {
      const [whose, seconds] = part.includes('=') ? part.split('=', 2) : ['all', part];
      if (whose !== 'all' && !isProviderName(whose)) throw new Error(`${name} names no provider: ${part}.`);
      lives[whose] = { ...lives[whose], [member]: positive(name, seconds ?? '') };
    }
  }
  return lives;
}
