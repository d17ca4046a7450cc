/** Work that can be laid aside at every step. */
export type Work<T = void> = Generator<undefined, T, void>;

/** Shorter than a frame, so that typing and scrolling go on meanwhile. */
const SLICE_MS = 8;

export interface SlicesEnvironment {
  breathe: () => Promise<void>;
  nowMs: () => number;
}

/** Does long work in slices. Resolves with what came of it, or with undefined when it was given up. */
export async function inSlices<T>(
  work: Work<T>,
  isWanted: () => boolean,
  { breathe, nowMs }: SlicesEnvironment,
): Promise<T | undefined> {
  let sliceEndsAtMs = nowMs() + SLICE_MS;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (nowMs() < sliceEndsAtMs) continue;
    await breathe();
    if (!isWanted()) return undefined;
    sliceEndsAtMs = nowMs() + SLICE_MS;
  }
}
