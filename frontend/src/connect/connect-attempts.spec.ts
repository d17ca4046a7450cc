import { describe, expect, it, jest } from '@jest/globals';
import { ApiFailure } from '../api/api-failure.ts';
import type { Authorization } from '../api/types.ts';
import { lookDelayMs } from './authorization-watch.ts';
import { ConnectAttempts, type AttemptPhase, type ConnectEnvironment } from './connect-attempts.ts';

const OWNER = { userId: 'ada', orgId: 'acme' };
const PENDING: Authorization = { status: 'pending' };

/** Answers looks from `looks` (the last one again and again) on a clock that runs only while somebody pauses. */
function stage(looks: (Authorization | ApiFailure)[], overrides: Partial<ConnectEnvironment> = {}) {
  let nowMs = 0;
  let states = 0;
  const popup = { goTo: jest.fn<(url: string) => void>(), close: jest.fn<() => void>() };
  const connected = jest.fn<ConnectEnvironment['connected']>();
  const pausesMs: number[] = [];
  const readAuthorization = jest.fn<ConnectEnvironment['api']['readAuthorization']>(() => {
    const look = (looks.length > 1 ? looks.shift() : looks[0]) ?? PENDING;
    return look instanceof ApiFailure ? Promise.reject(look) : Promise.resolve(look);
  });
  const beginAuthorization = jest.fn<ConnectEnvironment['api']['beginAuthorization']>(() => {
    states += 1;
    const state = `s${states}`;
    return Promise.resolve({ authorization_url: `https://p.example/${state}`, state, expires_in: 60 });
  });
  const attempts = new ConnectAttempts({
    api: { beginAuthorization, readAuthorization },
    openPopup: () => popup,
    returnUrl: 'http://localhost:8000/',
    now: () => nowMs,
    after: (delayMs, act) => {
      pausesMs.push(delayMs);
      nowMs += delayMs;
      queueMicrotask(act);
      return () => undefined;
    },
    known: () => ['con_before'],
    connected,
    ...overrides,
  });
  const phases: AttemptPhase[] = [];
  attempts.attempts.subscribe(() => {
    const phase = attempts.attempts.get().at(-1)?.phase;
    if (phase) phases.push(phase);
  });
  return { attempts, popup, connected, phases, pausesMs, readAuthorization, beginAuthorization };
}

function failure(status: number, code: string, retryAfterSeconds?: number): ApiFailure {
  return new ApiFailure({ status, code, message: code, retryAfterSeconds });
}

describe('an attempt to connect', () => {
  it('opens its popup before anything is awaited, or browsers would block it', () => {
    const openPopup = jest.fn<ConnectEnvironment['openPopup']>(() => null);
    const { attempts, beginAuthorization } = stage([{ status: 'connected' }], { openPopup });
    void attempts.begin(OWNER, 'notion');
    expect(openPopup.mock.invocationCallOrder[0]).toBeLessThan(beginAuthorization.mock.invocationCallOrder[0] ?? 0);
  });

  it('shows the provider in the popup and looks until the service says connected', async () => {
    const { attempts, popup, connected, phases } = stage([PENDING, { status: 'connected', connection_id: 'c1' }]);
    await attempts.begin(OWNER, 'notion');
    expect(popup.goTo.mock.calls).toEqual([['https://p.example/s1']]);
    expect(phases.map(({ name }) => name)).toEqual(['preparing', 'waiting', 'connected']);
    expect(connected.mock.calls).toEqual([[OWNER]]);
  });

  it('takes the good news of one connection away when told to, and leaves the rest', async () => {
    const { attempts } = stage([{ status: 'connected', connection_id: 'c1' }]);
    await attempts.begin(OWNER, 'notion');
    attempts.acknowledge('c2');
    expect(attempts.attempts.get()).toHaveLength(1);
    attempts.acknowledge('c1');
    expect(attempts.attempts.get()).toEqual([]);
  });

  it('tells apart denied, failed and expired', async () => {
    for (const end of [{ status: 'denied' }, { status: 'failed', error: 'x' }, { status: 'expired' }] as const) {
      const { attempts, phases, connected } = stage([end]);
      await attempts.begin(OWNER, 'notion');
      expect(phases.at(-1)).toMatchObject({ name: end.status });
      expect(connected).not.toHaveBeenCalled();
    }
  });

  it('takes its time as run out after expires_in, with a last look', async () => {
    const { attempts, phases, pausesMs } = stage([PENDING]);
    await attempts.begin(OWNER, 'notion');
    expect(phases.at(-1)).toEqual({ name: 'expired' });
    expect(pausesMs.reduce((sum, pauseMs) => sum + pauseMs, 0)).toBe(60_000);
  });

  it('takes a state nobody knows any more as expired', async () => {
    const { attempts, phases } = stage([failure(404, 'not_found')]);
    await attempts.begin(OWNER, 'notion');
    expect(phases.at(-1)).toEqual({ name: 'expired' });
  });

  it('waits out an unreachable service and says so meanwhile', async () => {
    const { attempts, phases } = stage([failure(0, 'network_error'), { status: 'connected' }]);
    await attempts.begin(OWNER, 'notion');
    expect(phases).toContainEqual(expect.objectContaining({ name: 'waiting', reachable: false }));
    expect(phases.at(-1)).toMatchObject({ name: 'connected' });
  });

  it('looks no sooner than the request limit allows', async () => {
    const { attempts, pausesMs } = stage([failure(429, 'rate_limited', 9), { status: 'connected' }]);
    await attempts.begin(OWNER, 'notion');
    expect(pausesMs).toContain(9_000);
  });

  it('ends with the explanation when it may not begin, and closes its popup', async () => {
    const refused = failure(403, 'forbidden');
    const { attempts, phases, popup } = stage([], {
      api: { beginAuthorization: () => Promise.reject(refused), readAuthorization: () => Promise.resolve(PENDING) },
    });
    await attempts.begin(OWNER, 'notion');
    expect(phases.at(-1)).toEqual({ name: 'error', failure: refused });
    expect(popup.close).toHaveBeenCalledTimes(1);
  });

  it('asks to be brought back to this page when the popup was blocked', async () => {
    const { attempts, phases, beginAuthorization } = stage([{ status: 'connected' }], { openPopup: () => null });
    await attempts.begin(OWNER, 'notion');
    expect(beginAuthorization.mock.calls[0]?.[1]).toMatchObject({ return_url: 'http://localhost:8000/' });
    expect(phases).toContainEqual(expect.objectContaining({ name: 'waiting', popupBlocked: true }));
  });
});

describe('several attempts at once', () => {
  /** A stage whose pauses end only when they are woken. */
  function patientStage(looks: Authorization[]) {
    return stage(looks, { after: () => () => undefined });
  }

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };

  it('looks at once at the attempt a message names, and at no other', async () => {
    const { attempts, readAuthorization } = patientStage([PENDING]);
    void attempts.begin(OWNER, 'notion');
    void attempts.begin(OWNER, 'slack');
    await settle();
    attempts.lookNow('s2');
    attempts.lookNow('somebody-elses');
    await settle();
    expect(readAuthorization.mock.calls.map(([, , state]) => state)).toEqual(['s2']);
  });

  it('does not trust a message: the service still decides', async () => {
    const { attempts } = patientStage([PENDING]);
    void attempts.begin(OWNER, 'notion');
    await settle();
    attempts.lookNow('s1');
    await settle();
    expect(attempts.attempts.get()[0]?.phase.name).toBe('waiting');
  });

  it('stops waiting for the cancelled one alone', async () => {
    const { attempts } = patientStage([PENDING]);
    const first = attempts.begin(OWNER, 'notion');
    void attempts.begin(OWNER, 'slack');
    await settle();
    attempts.cancel(attempts.attempts.get()[0]?.id ?? '');
    await first;
    expect(attempts.attempts.get().map(({ phase }) => phase.name)).toEqual(['cancelled', 'waiting']);
  });

  it('shares the request budget, and slows down in the end', () => {
    expect(lookDelayMs(0, 1)).toBe(1_000);
    expect(lookDelayMs(0, 3)).toBe(3_000);
    expect(lookDelayMs(500, 1)).toBe(5_000);
  });

  it('remembers what was connected before it, and which of that was to be made well again', async () => {
    const { attempts } = stage([{ status: 'denied' }]);
    await attempts.begin(OWNER, 'notion', 'con_before');
    expect(attempts.attempts.get().at(-1)).toMatchObject({ before: ['con_before'], renewing: 'con_before' });
    await attempts.begin(OWNER, 'notion');
    expect(attempts.attempts.get().at(-1)).toMatchObject({ before: ['con_before'], renewing: null });
  });
});
