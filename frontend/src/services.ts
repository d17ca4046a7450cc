import { QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { ApiFailure } from './api/api-failure.ts';
import { ApiClient } from './api/client.ts';
import { ConnectAttempts } from './connect/connect-attempts.ts';
import { openConnectPopup } from './connect/connect-popup.ts';
import { connectionsKey } from './connections/connections-key.ts';
import { ItemLoads } from './items/item-loads.ts';
import type { Owner } from './owner/owner.ts';
import { createVisit } from './session/create-visit.ts';
import type { Visit } from './session/visit.ts';

/** What lives as long as the page and belongs to no component. */
export interface Services {
  visit: Visit;
  api: ApiClient;
  queries: QueryClient;
  attempts: ConnectAttempts;
  loads: ItemLoads;
}

const RETRIES = 2;

export function createServices(): Services {
  const { origin } = window.location;
  const visit = createVisit();
  const api = new ApiClient(origin, visit.send);
  const retry = (failures: number, error: Error): boolean =>
    failures < RETRIES && error instanceof ApiFailure && error.transient && error.status !== 429;
  const queries = new QueryClient({ defaultOptions: { queries: { retry, staleTime: 10_000 } } });
  const readAnew = (owner: Owner): void => {
    void queries.invalidateQueries({ queryKey: connectionsKey(owner) });
  };
  const attempts = new ConnectAttempts({
    ...{ api, openPopup: openConnectPopup, returnUrl: `${origin}/`, now: Date.now, connected: readAnew },
    after: (delayMs, act) => {
      const timer = setTimeout(act, delayMs);
      return () => clearTimeout(timer);
    },
  });
  return { visit, api, queries, attempts, loads: new ItemLoads({ api, pause, settled: readAnew }) };
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('The page was rendered without its services.');
  return services;
}
