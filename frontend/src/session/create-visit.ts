import { openSessionStore } from './session-store.ts';
import { SessionRequests } from './session-requests.ts';
import { Sessions } from './sessions.ts';
import { SignedFetch, type Fetch } from './signed-fetch.ts';
import { tabMark } from './tab-mark.ts';
import { Visit } from './visit.ts';

/** A visit with all that a browser has to offer. */
export function createVisit(send: Fetch): Visit {
  const nowMs = Date.now;
  const signed = new SignedFetch(send, nowMs);
  const requests = new SessionRequests({ origin: window.location.origin, fetch: send, signed, nowMs });
  const sessions = new Sessions({ requests, store: openSessionStore(), nowMs, alone: amongTabs });
  return new Visit({
    ...{ sessions, signed, nowMs },
    mark: tabMark(() => window.sessionStorage),
    secure: window.isSecureContext,
  });
}

function amongTabs<T>(name: string, act: () => Promise<T>): Promise<T> {
  return navigator.locks.request(name, act);
}
