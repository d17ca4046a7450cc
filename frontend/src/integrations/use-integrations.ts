import { useQuery } from '@tanstack/react-query';
import { useServices } from '../services.ts';

const REFRESH_MS = 60_000;

/** The catalog with each provider's present condition, read anew every minute while the page is in view. */
export function useIntegrations() {
  const { api } = useServices();
  return useQuery({
    queryKey: ['integrations'],
    queryFn: ({ signal }) => api.listIntegrations(signal),
    refetchInterval: REFRESH_MS,
  });
}
