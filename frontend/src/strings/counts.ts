const number = new Intl.NumberFormat();

export function writeCount(count: number): string {
  return number.format(count);
}

export function countOfItems(count: number): string {
  return `${writeCount(count)} ${count === 1 ? 'item' : 'items'}`;
}
