const FRAGMENT = '#session=';

/**
 * The token of a connect link, which is taken out of the address at once: out of sight, of the history, and of whatever is
 * copied from there. Null on any other visit.
 */
export function takeLinkToken(
  location: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState'>,
): string | null {
  const { hash, pathname, search } = location;
  if (!hash.startsWith(FRAGMENT)) return null;
  history.replaceState(null, '', pathname + search);
  return hash.slice(FRAGMENT.length);
}
