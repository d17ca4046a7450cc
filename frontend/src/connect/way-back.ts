import type { Connection } from '../api/types.ts';

/** The application's own address with what was connected in its query, as the service writes it for a backend. */
export function wayBack(
  returnUrl: string,
  connected: Pick<Connection, 'integration' | 'connection_id'> | null,
): string {
  const url = new URL(returnUrl);
  if (connected) {
    url.searchParams.set('status', 'connected');
    url.searchParams.set('integration', connected.integration);
    url.searchParams.set('connection_id', connected.connection_id);
  }
  return url.href;
}
