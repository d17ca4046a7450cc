import { Draw } from './draw.ts';

/** The newest moment in generated data; fixed, so that data doesn't move with the calendar. */
const NEWEST_MS = Date.UTC(2026, 9, 30, 12, 0, 0);
const SPAN_MS = 4 * 365 * 24 * 3600 * 1000;

export interface Times {
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** Times of item `index` of `items`: the lower the index, the newer; updated never falls with it. */
export function newestFirst(scope: string, index: number, items: number): Times {
  const stepMs = Math.min(37 * 60_000, SPAN_MS / Math.max(1, items));
  const updatedMs = NEWEST_MS - Math.floor(index * stepMs);
  const ageDays = new Draw(`${scope}/times/${index}`).int(200);
  return { createdMs: updatedMs - ageDays * 86_400_000 - 1000, updatedMs };
}

/** Times of item `index` of `items` where ids grow with age, as where new records are appended. */
export function oldestFirst(scope: string, index: number, items: number): Times {
  const stepMs = Math.min(37 * 60_000, SPAN_MS / Math.max(1, items));
  const createdMs = NEWEST_MS - 90 * 86_400_000 - Math.floor((items - index) * stepMs);
  const draw = new Draw(`${scope}/times/${index}`);
  return { createdMs, updatedMs: createdMs + draw.int(80 * 86_400) * 1000 };
}

export const iso = (ms: number): string => new Date(ms).toISOString();
