import { describe, expect, it, jest } from '@jest/globals';
import { ApiFailure } from '../api/api-failure.ts';
import type { Owner } from '../owner/owner.ts';
import { takeLinkToken } from './connect-link.ts';
import type { PageSession, SessionKind } from './page-session.ts';
import { MemorySessionStore, type SessionStore } from './session-store.ts';
import { Sessions, type SessionsEnvironment } from './sessions.ts';
import { Visit, type VisitEnvironment } from './visit.ts';

const ADA: Owner = { userId: 'ada', orgId: 'acme' };
const BOB: Owner = { userId: 'bob', orgId: 'acme' };
const HOUR_MS = 3_600_000;

interface Stage {
  readonly mark?: string;
  readonly store?: SessionStore;
  readonly requests?: Partial<SessionsEnvironment['requests']>;
  readonly secure?: boolean;
}

/** A page whose service knows the sessions in `known`, on a clock that stands still unless it is moved. */
function stage({ mark, store = new MemorySessionStore(), requests = {}, secure = true }: Stage = {}) {
  const clock = { nowMs: 0 };
  const known = new Set<string>();
  const marks = { current: mark ?? null };
  const usedKeys: string[] = [];
  const begin = (kind: SessionKind, owner: Owner): Promise<PageSession> => {
    const sessionId = `ses_${kind}_${owner.userId}_${known.size + usedKeys.length}`;
    known.add(sessionId);
    const expiresAtMs = clock.nowMs + HOUR_MS;
    return Promise.resolve({
      kind,
      sessionId,
      owner,
      integrations: [],
      expiresAtMs,
      returnUrl: null,
      privateKey: {} as CryptoKey,
    });
  };
  const demoSession = jest.fn((owner: Owner) => begin('demo', owner));
  const linkSession = jest.fn(() => begin('link', BOB));
  const end = jest.fn(() => Promise.resolve());
  const nowMs = (): number => clock.nowMs;
  const sessions = new Sessions({
    requests: { demoSession, linkSession, end, ...requests },
    ...{ store: Promise.resolve(store), nowMs, alone: oneByOne() },
  });
  const send: VisitEnvironment['signed']['send'] = (_request, { keyId }) => {
    usedKeys.push(keyId);
    return Promise.resolve(known.has(keyId) ? Response.json({}) : refusal());
  };
  const visit = new Visit({
    ...{ sessions, signed: { send }, secure, nowMs },
    mark: { get: () => marks.current, set: (next) => void (marks.current = next) },
  });
  const call = async (owner = ADA): Promise<number> => (await visit.send(request(), owner)).status;
  return { visit, call, known, usedKeys, demoSession, linkSession, end, clock, marks, store };
}

/** As the browser's own locks, for one page. */
function oneByOne(): SessionsEnvironment['alone'] {
  let last: Promise<unknown> = Promise.resolve();
  return (_name, act) => {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  };
}

function refusal(): Response {
  return Response.json({ error: 'unknown_key' }, { status: 401 });
}

function request(): Request {
  return new Request('http://localhost:8000/integrations');
}

function failure(code: string, status = 404): ApiFailure {
  return new ApiFailure({ code, message: code, status });
}

describe('a visit to the demo', () => {
  it('makes one session for each owner, when it is first needed', async () => {
    const { visit, call, demoSession } = stage();
    await visit.begin(null);
    expect(visit.standing.get()).toEqual({ name: 'choosing' });
    expect(demoSession).not.toHaveBeenCalled();
    await Promise.all([call(ADA), call(ADA)]);
    await call(BOB);
    await call(ADA);
    expect(demoSession.mock.calls).toEqual([[ADA], [BOB]]);
  });

  it('goes on with the session that is kept in the browser', async () => {
    const first = stage();
    await first.call();
    const second = stage({ store: first.store });
    second.known.add(first.usedKeys[0] ?? '');
    expect(await second.call()).toBe(200);
    expect(second.demoSession).not.toHaveBeenCalled();
  });

  it('makes a new one in time before the old one ends', async () => {
    const { call, clock, demoSession } = stage();
    await call();
    clock.nowMs = HOUR_MS - 31_000;
    await call();
    expect(demoSession).toHaveBeenCalledTimes(1);
    clock.nowMs = HOUR_MS - 29_000;
    await call();
    expect(demoSession).toHaveBeenCalledTimes(2);
  });

  it('makes a new one, and the call once more, when the service no longer knows it', async () => {
    const { call, known, usedKeys, demoSession } = stage();
    await call();
    known.clear();
    expect(await call()).toBe(200);
    expect(demoSession).toHaveBeenCalledTimes(2);
    expect(usedKeys).toHaveLength(3);
    expect(usedKeys[1]).toBe(usedKeys[0]);
    expect(usedKeys[2]).not.toBe(usedKeys[0]);
  });

  it('says that the session has ended when the new one is not known either', async () => {
    const forgotten = stage();
    await forgotten.call();
    const { known, call, demoSession } = forgotten;
    jest.spyOn(known, 'has').mockReturnValue(false);
    await expect(call()).rejects.toMatchObject({ code: 'session_ended', transient: false });
    expect(demoSession).toHaveBeenCalledTimes(2);
  });

  it('says so where there is no demo, and tries again when asked to', async () => {
    const demoSession = jest.fn<SessionsEnvironment['requests']['demoSession']>(() =>
      Promise.reject(failure('no_demo')),
    );
    const { visit, call } = stage({ requests: { demoSession } });
    await visit.begin(null);
    await expect(call()).rejects.toMatchObject({ code: 'no_demo' });
    const standing = visit.standing.get();
    expect(standing).toMatchObject({ name: 'out', reason: 'no_demo', failure: { code: 'no_demo' } });
    if (standing.name === 'out') standing.retry?.();
    expect(visit.standing.get().name).toBe('arriving');
  });

  it('passes on what else went wrong, and stays', async () => {
    const demoSession = () => Promise.reject(failure('storage_unavailable', 503));
    const { visit, call } = stage({ requests: { demoSession } });
    await visit.begin(null);
    await expect(call()).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(visit.standing.get().name).toBe('choosing');
  });

  it('works in a browser that keeps nothing', async () => {
    const forgetful: SessionStore = {
      all: () => Promise.reject(new Error('no')),
      put: () => Promise.reject(new Error('no')),
      remove: () => Promise.reject(new Error('no')),
    };
    const { call, demoSession } = stage({ store: forgetful });
    expect(await Promise.all([call(), call()])).toEqual([200, 200]);
    expect(await call()).toBe(200);
    expect(demoSession).toHaveBeenCalledTimes(1);
  });
});

describe('a visit by a link', () => {
  it('acts as whom the link is for, whoever was chosen before', async () => {
    const { visit, call, demoSession, usedKeys } = stage();
    await visit.begin('token');
    expect(visit.standing.get()).toMatchObject({ name: 'signed_in', session: { owner: BOB } });
    await call(ADA);
    expect(usedKeys[0]).toMatch(/^ses_link_bob/);
    expect(demoSession).not.toHaveBeenCalled();
  });

  it('goes on after a reload, and in a new tab', async () => {
    const first = stage();
    await first.visit.begin('token');
    for (const mark of [first.marks.current ?? undefined, undefined]) {
      const again = stage({ store: first.store, ...(mark === undefined ? {} : { mark }) });
      await again.visit.begin(null);
      expect(again.visit.standing.get()).toMatchObject({ name: 'signed_in', session: { owner: BOB } });
    }
  });

  it('ends with its session and never turns into the demo, not even by a reload', async () => {
    const { visit, call, known, demoSession, marks, store } = stage();
    await visit.begin('token');
    known.clear();
    await expect(call(BOB)).rejects.toMatchObject({ code: 'session_ended' });
    expect(visit.standing.get()).toMatchObject({ name: 'out', reason: 'ended', owner: BOB });
    await expect(call(BOB)).rejects.toMatchObject({ code: 'session_ended' });
    const reloaded = stage({ store, mark: marks.current ?? '' });
    await reloaded.visit.begin(null);
    expect(reloaded.visit.standing.get()).toMatchObject({ name: 'out', reason: 'ended' });
    expect(demoSession).not.toHaveBeenCalled();
  });

  it('ends without asking the service when its time is over', async () => {
    const { visit, call, clock, usedKeys } = stage();
    await visit.begin('token');
    clock.nowMs = HOUR_MS;
    await expect(call(BOB)).rejects.toMatchObject({ code: 'session_ended' });
    expect(usedKeys).toEqual([]);
  });

  it('goes on with the link that another tab opened for the same person', async () => {
    const first = stage();
    await first.visit.begin('token');
    const other = stage({ store: first.store });
    other.usedKeys.push('one', 'two');
    await other.visit.begin('another token');
    first.known.clear();
    for (const sessionId of other.known) first.known.add(sessionId);
    expect(await first.call(BOB)).toBe(200);
  });

  it('says that a link is used up', async () => {
    const linkSession = () => Promise.reject(failure('link_refused', 403));
    const { visit } = stage({ requests: { linkSession } });
    await visit.begin('token');
    expect(visit.standing.get()).toMatchObject({ name: 'out', reason: 'link_refused' });
    expect(visit.standing.get()).not.toHaveProperty('retry');
  });

  it('keeps a link that could not be tried, for another try', async () => {
    let isDown = true;
    const linkSession = (): Promise<PageSession> => {
      if (isDown) return Promise.reject(failure('network_error', 0));
      return Promise.resolve({ kind: 'link', owner: BOB, expiresAtMs: HOUR_MS } as PageSession);
    };
    const { visit } = stage({ requests: { linkSession } });
    await visit.begin('token');
    const standing = visit.standing.get();
    if (standing.name !== 'out') throw new Error('It should be out.');
    expect(standing.reason).toBe('link_failed');
    isDown = false;
    const arrived = new Promise<void>((resolve) =>
      visit.standing.subscribe(() => {
        if (visit.standing.get().name === 'signed_in') resolve();
      }),
    );
    standing.retry?.();
    await arrived;
  });

  it('ends here and at the service when the person signs out', async () => {
    const { visit, end, marks, store } = stage();
    await visit.begin('token');
    await visit.signOut();
    expect(visit.standing.get()).toMatchObject({ name: 'out', reason: 'signed_out' });
    expect(end).toHaveBeenCalledTimes(1);
    expect(marks.current).toBeNull();
    expect(await store.all()).toEqual([]);
  });

  it('says that it needs a secure address where browsers do not let pages sign', async () => {
    const { visit, linkSession } = stage({ secure: false });
    await visit.begin('token');
    expect(visit.standing.get()).toMatchObject({ name: 'out', reason: 'insecure' });
    expect(linkSession).not.toHaveBeenCalled();
  });
});

describe("a link's token", () => {
  /** As a browser has it: the fragment is gone from the location the moment the history is told so. */
  function address(hash: string) {
    const location = { hash, pathname: '/', search: '?a=1' };
    const replaceState = jest.fn((_state: unknown, _title: string, _url?: string | URL | null) => {
      location.hash = '';
    });
    return { location, history: { replaceState } };
  }

  it('is taken out of the address at once', () => {
    const { location, history } = address('#session=abc');
    expect(takeLinkToken(location, history)).toBe('abc');
    expect(history.replaceState).toHaveBeenCalledWith(null, '', '/?a=1');
  });

  it.each(['', '#', '#session', '#other=1'])('is not there in %p', (hash) => {
    const { location, history } = address(hash);
    expect(takeLinkToken(location, history)).toBeNull();
    expect(history.replaceState).not.toHaveBeenCalled();
  });
});
