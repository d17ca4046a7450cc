/** Made when it is asked for first: a phone takes longer to make a format of `Intl` than to run the first page's code. */
export function madeOnce<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
