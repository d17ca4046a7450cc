import { ApiFailure, asFailure } from '../api/api-failure.ts';
import type { Send } from '../api/client.ts';
import type { Owner } from '../owner/owner.ts';
import { Observable } from '../state/observable.ts';
import { strings } from '../strings.ts';
import { isLive, slotOf, type PageSession } from './page-session.ts';
import { LINK_REFUSED, NO_DEMO } from './session-requests.ts';
import type { Sessions } from './sessions.ts';
import { refusalCode, type SignedFetch } from './signed-fetch.ts';

const SESSION_ENDED = 'session_ended';
const NONE: readonly string[] = [];

export type OutReason = 'link_refused' | 'link_failed' | 'no_demo' | 'ended' | 'signed_out' | 'insecure';

/** As whom the page acts. */
export type Standing =
  /** A link is being opened, or kept sessions are being looked up. */
  | { name: 'arriving' }
  /** The demo: the person chooses whom to be. */
  | { name: 'choosing' }
  /** A link has said who it is. */
  | { name: 'signed_in'; session: PageSession }
  /** As nobody. `owner` is who it was. */
  | { name: 'out'; reason: OutReason; owner: Owner | null; failure?: ApiFailure; retry?: () => void };

export interface VisitEnvironment {
  sessions: Pick<Sessions, 'demo' | 'openLink' | 'links' | 'forget' | 'end'>;
  signed: Pick<SignedFetch, 'send'>;
  /** Remembers, for this tab alone and through reloads, whose link it opened. Holds no secret. */
  mark: { get: () => string | null; set: (mark: string | null) => void };
  /** Whether the browser lets this page sign: it does over https and on loopback. */
  secure: boolean;
  nowMs: () => number;
}

/** Who this page acts as, from its opening on, and the signing of all it sends. */
export class Visit {
  readonly standing = new Observable<Standing>({ name: 'arriving' });
  /** What the session that was last used may do beyond acting for its user. */
  readonly permissions = new Observable<readonly string[]>(NONE);
  readonly #environment: VisitEnvironment;

  constructor(environment: VisitEnvironment) {
    this.#environment = environment;
  }

  /** @param token of the link that was opened; null on any other visit */
  async begin(token: string | null): Promise<void> {
    this.standing.set({ name: 'arriving' });
    if (!this.#environment.secure) this.#leave('insecure');
    else await (token === null ? this.#comeBack() : this.#openLink(token));
  }

  /** Ends a link's session, here and at the service. */
  async signOut(): Promise<void> {
    const standing = this.standing.get();
    if (standing.name !== 'signed_in') return;
    this.#environment.mark.set(null);
    this.#leave('signed_out');
    // What the service doesn't hear ends by itself; the key to it is gone already.
    await this.#environment.sessions.end(standing.session).catch(() => undefined);
  }

  /** Signs with the owner's session; when that has ended, once more with its successor. */
  readonly send: Send = async (request, owner) => {
    const session = await this.#sessionFor(owner);
    const answer = await this.#signed(request, session);
    if ((await refusalCode(answer)) !== 'unknown_key') return answer;
    const successor = await this.#sessionFor(owner, session);
    const second = await this.#signed(request, successor);
    if ((await refusalCode(second)) === 'unknown_key') throw sessionEnded();
    return second;
  };

  #signed(request: Request, { sessionId: keyId, privateKey }: PageSession): Promise<Response> {
    return this.#environment.signed.send(request, { keyId, privateKey });
  }

  /** @param ended one that the service no longer knows */
  async #sessionFor(owner: Owner, ended?: PageSession): Promise<PageSession> {
    const standing = this.standing.get();
    if (standing.name === 'signed_in') return this.#linkSession(standing.session, ended);
    if (standing.name === 'out' && standing.reason !== 'no_demo') throw sessionEnded();
    try {
      const session = await this.#environment.sessions.demo(owner, ended);
      this.permissions.set(session.permissions ?? NONE);
      return session;
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === NO_DEMO) this.#leave('no_demo', { failure, retry: () => void this.begin(null) });
      throw failure;
    }
  }

  async #linkSession(session: PageSession, ended?: PageSession): Promise<PageSession> {
    const { sessions, nowMs } = this.#environment;
    if (session.sessionId !== ended?.sessionId && isLive(session, nowMs())) return session;
    // Another tab may have opened another link for the same person.
    const slot = slotOf('link', session.owner);
    const other = (await sessions.links(session)).find((each) => slotOf('link', each.owner) === slot);
    if (other) return this.#enter(other);
    await sessions.forget(session);
    this.#leave('ended', { owner: session.owner });
    throw sessionEnded();
  }

  async #openLink(token: string): Promise<void> {
    try {
      this.#enter(await this.#environment.sessions.openLink(token));
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === LINK_REFUSED) this.#leave('link_refused', { failure });
      else this.#leave('link_failed', { failure, retry: () => void this.begin(token) });
    }
  }

  async #comeBack(): Promise<void> {
    const { sessions, mark } = this.#environment;
    const links = await sessions.links();
    const marked = mark.get();
    // A new tab acts as whoever was signed in last; an old one as who it was, or as nobody.
    const session = marked === null ? links[0] : links.find((each) => slotOf('link', each.owner) === marked);
    if (session) this.#enter(session);
    else if (marked === null) this.standing.set({ name: 'choosing' });
    else this.#leave('ended');
  }

  #enter(session: PageSession): PageSession {
    this.#environment.mark.set(slotOf('link', session.owner));
    this.permissions.set(session.permissions ?? NONE);
    this.standing.set({ name: 'signed_in', session });
    return session;
  }

  #leave(reason: OutReason, more: { owner?: Owner; failure?: ApiFailure; retry?: () => void } = {}): void {
    this.permissions.set(NONE);
    this.standing.set({ name: 'out', reason, owner: null, ...more });
  }
}

function sessionEnded(): ApiFailure {
  return new ApiFailure({ code: SESSION_ENDED, message: strings.session.ended, status: 401 });
}
