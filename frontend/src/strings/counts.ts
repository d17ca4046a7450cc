let grouped: Intl.NumberFormat | undefined;

/** Small numbers have no groups: for them alone the format, which takes a phone longer than the first page, isn't made. */
export function writeCount(count: number): string {
  if (Number.isInteger(count) && count >= 0 && count < 1_000) return String(count);
  grouped ??= new Intl.NumberFormat(undefined, { numberingSystem: 'latn' });
  return grouped.format(count);
}

export function countOfItems(count: number): string {
  return `${writeCount(count)} ${count === 1 ? 'item' : 'items'}`;
}
