import type { SlicesEnvironment } from './slices.ts';

/** Between two tasks, unlike between two promises, the browser paints and answers whoever types. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Slices by the browser's own clock. */
export const browserSlices: SlicesEnvironment = { breathe, nowMs: () => performance.now() };
