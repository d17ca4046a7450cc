export interface Scan<T> {
  readonly found: readonly T[];
  /** Where the next page begins; `null` when there is nothing more. */
  readonly next: number | null;
}

/**
 * Collects up to `limit` items from `start` on, making only those `pick` doesn't turn down, and looking at no more
 * than `maxLooks` indexes: a page costs the same wherever it lies and however long the listing is.
 */
export function scan<T>(
  range: { readonly start: number; readonly end: number },
  limit: number,
  maxLooks: number,
  pick: (index: number) => T | null,
): Scan<T> {
  const found: T[] = [];
  const stop = Math.min(range.end, range.start + maxLooks);
  let index = range.start;
  for (; index < stop && found.length < limit; index++) {
    const item = pick(index);
    if (item !== null) found.push(item);
  }
  return { found, next: index < range.end ? index : null };
}
