import { madeOnce } from '../state/made-once.ts';

const grouped = madeOnce(() => new Intl.NumberFormat(undefined, { numberingSystem: 'latn' }));

/** Small numbers have no groups: for them alone the format isn't made. */
export function writeCount(count: number): string {
  if (Number.isInteger(count) && count >= 0 && count < 1_000) return String(count);
  return grouped().format(count);
}

export function countOfItems(count: number): string {
  return `${writeCount(count)} ${count === 1 ? 'item' : 'items'}`;
}
