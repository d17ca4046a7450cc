import { QueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { ApiFailure } from './api/api-failure.ts';
import { ApiClient } from './api/client.ts';
import { Availability } from './availability/availability.ts';
import { ConnectAttempts } from './connect/connect-attempts.ts';
import { openConnectPopup } from './connect/connect-popup.ts';
import { readFraming, type Framing } from './connect/framing.ts';
import { connectionsKey } from './connections/connections-key.ts';
import { breathe } from './items/breathe.ts';
import { ItemLoads } from './items/item-loads.ts';
import type { Owner } from './owner/owner.ts';
import { createVisit } from './session/create-visit.ts';
import type { Visit } from './session/visit.ts';
import { PAGES } from './shell/pages.ts';
import type { Connection } from './api/types.ts';

/** What lives as long as the page and belongs to no component. */
export interface Services {
  visit: Visit;
  api: ApiClient;
  queries: QueryClient;
  attempts: ConnectAttempts;
  loads: ItemLoads;
  availability: Availability;
  place: Place;
}

/** Where and as what the page was opened; it stays that until it is closed. */
export interface Place {
  /** Whether it is the page of a connect link. */
  focused: boolean;
  framing: Framing;
}

const RETRIES = 2;
/** How often what is shown of a load follows what has come: lines come by the thousand. */
const SHOW_EVERY_MS = 100;

export function createServices(): Services {
  const { origin } = window.location;
  const place = readPlace();
  const availability = createAvailability(() => {
    void queries.invalidateQueries();
    const standing = visit.standing.get();
    if (standing.name === 'out') standing.retry?.();
  });
  const visit = createVisit(availability.watching((request: Request) => fetch(request)));
  const api = new ApiClient(origin, visit.send);
  const retry = (failures: number, error: Error): boolean =>
    failures < RETRIES && error instanceof ApiFailure && error.transient && error.status !== 429;
  const queries = new QueryClient({
    // Who presses a button wants to hear that it didn't work, offline too.
    defaultOptions: { queries: { retry, staleTime: 10_000 }, mutations: { networkMode: 'always' } },
  });
  const readAnew = (owner: Owner): void => {
    void queries.invalidateQueries({ queryKey: connectionsKey(owner) });
  };
  const attempts = new ConnectAttempts({
    ...{ api, openPopup: openConnectPopup, now: Date.now, connected: readAnew, after },
    returnUrl: origin + (place.focused ? PAGES.focused : PAGES.connect),
    known: (owner) =>
      queries.getQueryData<Connection[]>(connectionsKey(owner))?.map((connection) => connection.connection_id) ?? [],
  });
  const loads = new ItemLoads({
    ...{ api, pause, breathe, nowMs: Date.now, settled: readAnew },
    soon: (act) => void after(SHOW_EVERY_MS, act),
  });
  return { visit, api, queries, attempts, loads, availability, place };
}

function readPlace(): Place {
  const focused = window.location.pathname === PAGES.focused;
  return { focused, framing: readFraming({ isFramed: window.top !== window, cookies: document }) };
}

function createAvailability(recovered: () => void): Availability {
  const availability = new Availability({
    isReady: async () => {
      const answer = await fetch('/health/ready', { cache: 'no-store' });
      // An answer that nobody reads to its end holds its connection.
      await answer.text();
      return answer.ok;
    },
    isOnline: () => navigator.onLine,
    nowMs: Date.now,
    ...{ after, recovered },
  });
  for (const event of ['online', 'offline']) window.addEventListener(event, () => availability.lookNow());
  return availability;
}

function after(delayMs: number, act: () => void): () => void {
  const timer = setTimeout(act, delayMs);
  return () => clearTimeout(timer);
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', end);
  });
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error('The page was rendered without its services.');
  return services;
}
