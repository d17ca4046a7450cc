import { useQuery } from '@tanstack/react-query';
import type { Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';

const REFRESH_MS = 60_000;

/** What the owner may use, with each provider's present condition, read anew every minute while the page is in view. */
export function useIntegrations(owner: Owner) {
  const { api } = useServices();
  return useQuery({
    queryKey: ['integrations', owner.orgId, owner.userId],
    queryFn: ({ signal }) => api.listIntegrations(owner, signal),
    refetchInterval: REFRESH_MS,
  });
}
