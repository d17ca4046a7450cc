import { useQuery } from '@tanstack/react-query';
import type { Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { connectionsKey } from './connections-key.ts';

/** All connections of one owner. */
export function useConnections(owner: Owner) {
  const { api } = useServices();
  return useQuery({
    queryKey: connectionsKey(owner),
    queryFn: ({ signal }) => api.listConnections(owner, signal),
  });
}
