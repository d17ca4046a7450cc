/** What the service adds to `return_url` when a person came back in this very tab. */
export interface Returned {
  status: 'connected' | 'denied' | 'failed';
  error: string | null;
  connectionId: string | null;
}

/** How the person came back, read from the page's query; null on an ordinary visit. */
export function readReturned(search: string): Returned | null {
  const query = new URLSearchParams(search);
  const status = query.get('status');
  if (status !== 'connected' && status !== 'denied' && status !== 'failed') return null;
  const error = query.get('error');
  // Anybody can write a link to this page: only something that looks like an error code is repeated.
  const isCode = error !== null && /^[a-z0-9_]{1,64}$/.test(error);
  return { status, error: isCode ? error : null, connectionId: query.get('connection_id') };
}
