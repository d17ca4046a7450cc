import type { Context } from '../core/context.ts';
import { airtableId } from '../core/identifiers.ts';

const TICK_MS = 1_000;
const TICKS = 2 ** 16;
const MONTH_MS = 30 * 24 * 3600 * 1000;

/** An `itr…` offset that leads straight to `position` of the listing `scope`, and knows when it was made. */
export function makeOffset(context: Context, scope: string, position: number): string {
  const tick = context.settings.airtable.iteratorLifeSeconds > 0 ? tickOf(context) : 0;
  return airtableId.make('itr', scope, position * TICKS + tick);
}

/** Where an offset leads (0 without one); `null` when it is nobody's, another listing's or too old. */
export function positionOf(context: Context, scope: string, offset: string | null): number | null {
  if (offset === null) return 0;
  const sealed = airtableId.index('itr', scope, offset.split('/')[0] ?? '');
  if (sealed === null) return null;
  if (isForgotten(context, scope)) return null;
  const lifeTicks = (context.settings.airtable.iteratorLifeSeconds * 1000) / TICK_MS;
  const ageTicks = (tickOf(context) - (sealed % TICKS) + TICKS) % TICKS;
  return lifeTicks > 0 && ageTicks > lifeTicks ? null : Math.floor(sealed / TICKS);
}

/** The first times that a listing is to be gone on with, when told to forget it so often. */
function isForgotten({ settings, limiter }: Context, scope: string): boolean {
  const max = settings.airtable.iteratorExpiries;
  return max > 0 && limiter.take(`airtable/iterator/${scope}`, { max, windowMs: MONTH_MS }).allowed;
}

function tickOf(context: Context): number {
  return Math.floor(context.now() / TICK_MS) % TICKS;
}
