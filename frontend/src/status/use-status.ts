import { useQuery } from '@tanstack/react-query';
import { asFailure } from '../api/api-failure.ts';
import type { Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';

export const READ_EVERY_MS = 5_000;

/** Who may not see it is told so once, and whoever asked too often waits. */
function nextReadMs(error: Error | null): number | false {
  if (error === null) return READ_EVERY_MS;
  const { transient, retryAfterSeconds = 0 } = asFailure(error);
  return transient && Math.max(READ_EVERY_MS, retryAfterSeconds * 1000);
}

/** How the service does, read anew every few seconds while the page is in view. */
export function useStatus(owner: Owner) {
  const { api } = useServices();
  return useQuery({
    queryKey: ['status', owner.orgId, owner.userId],
    queryFn: ({ signal }) => api.readStatus(owner, signal),
    staleTime: 0,
    // The next look is near anyway, and until then what is shown is said to be old.
    retry: false,
    refetchInterval: ({ state }) => nextReadMs(state.error),
  });
}
