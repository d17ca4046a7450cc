import type { Blow } from './crash-job.ts';
import type { ProcessLife } from './crashed-process.ts';
import { KillAtProvider, KillAtStep, KillAtTime, KillTwice, type Kill } from './kill.ts';

const FROM_OUTSIDE_SHARE = 0.6;

/** What a work does when nobody kills it. */
export type Course = Pick<ProcessLife, 'steps' | 'workMs'>;

/** Every how many steps the short form kills a process. */
const SHORT_STRIDE = 5;

/**
 * How thorough a plan is: every blow; a half of them that makes a whole with another store's other half; or `few`: around
 * each call to the provider, and some other steps.
 */
export type Thoroughness = 'every' | 'odd' | 'even' | 'few';

/** Every step: at calls, where much is between, and at the last one, before, during and after. */
export function everyStep({ steps }: Course, thoroughness: Thoroughness): readonly Kill[] {
  return steps.flatMap((label, index) => {
    const at = (when: Blow['when']): Kill => new KillAtStep({ step: index + 1, when });
    const isTelling = /^\d+ call /.test(label) || index === steps.length - 1;
    if (isTelling || thoroughness === 'every') return [at('before'), at('during'), at('after')];
    if (thoroughness === 'few') return index % SHORT_STRIDE === 0 ? [at('during')] : [];
    // After a step is before the next.
    return [at((index % 2 === 0) === (thoroughness === 'even') ? 'before' : 'during')];
  });
}

/** While the provider has the code: it acts on it all the same. */
export function callbackAtProvider(): readonly Kill[] {
  return [new KillAtProvider(0, 0), new KillAtProvider(0, 500)];
}

/** While the provider has the refresh token: it acts on it at once, or when the process and its lease are long dead. */
export function refreshAtProvider(thoroughness: Thoroughness): readonly Kill[] {
  const soon = [new KillAtProvider(0, 3_000), new KillAtProvider(0, 0)];
  return thoroughness === 'few' ? soon : [new KillAtProvider(0, 15_000), ...soon];
}

/** What takes long to strike: a provider that is slow to act, and whoever comes after a kill, killed too. */
export function refreshAtLength(refresh: Course, thoroughness: Thoroughness): readonly Kill[] {
  if (thoroughness === 'few') return [];
  const renewed = new KillAtProvider(4_000, 6_000);
  if (thoroughness !== 'every') return [renewed];
  const step = refresh.steps.findIndex((label) => label.endsWith('/token')) + 1;
  const twice = (['before', 'after'] as const).map((when) => new KillTwice({ step, when }));
  return [renewed, new KillAtProvider(12_000, 17_000), ...twice];
}

/** From outside at any moment, or at any step. */
export function anyKill({ steps, workMs }: Course): Kill {
  if (Math.random() < FROM_OUTSIDE_SHARE) return new KillAtTime(Math.random() * workMs * 1.1);
  const step = 1 + Math.floor(Math.random() * steps.length);
  return new KillAtStep({ step, when: drawn<Blow['when']>(['before', 'during', 'after']) });
}

export function drawn<T>(among: readonly [T, ...(readonly T[])]): T {
  return among[Math.floor(Math.random() * among.length)] ?? among[0];
}
