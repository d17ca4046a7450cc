import { ApiFailure, asFailure } from '../api/api-failure.ts';
import { answerTo, typedCalls, type TypedCalls } from '../api/typed-calls.ts';
import { isHttpUrl } from '../api/client.ts';
import type { Session, SessionToken } from '../api/types.ts';
import type { Owner } from '../owner/owner.ts';
import { strings } from '../strings.ts';
import type { PageSession, SessionKind } from './page-session.ts';
import type { Fetch, SignedFetch } from './signed-fetch.ts';
import { newSigningKey, thumbprint } from './signing-key.ts';

/** Our own codes: this Patchbay knows nobody who wasn't sent here; a link that opens nothing (any more). */
export const NO_DEMO = 'no_demo';
export const LINK_REFUSED = 'link_refused';

export interface SessionRequestsEnvironment {
  origin: string;
  /** For the one call that nobody signs. */
  fetch: Fetch;
  signed: Pick<SignedFetch, 'send'>;
  nowMs: () => number;
}

/** The calls that make a session. */
export class SessionRequests {
  readonly #environment: SessionRequestsEnvironment;
  readonly #calls: TypedCalls;

  constructor(environment: SessionRequestsEnvironment) {
    this.#environment = environment;
    this.#calls = typedCalls(environment.origin);
  }

  /** @throws {ApiFailure} `no_demo` where there is none */
  async demoSession(owner: Owner): Promise<PageSession> {
    const body = { user_id: owner.userId, org_id: owner.orgId };
    const { session_token: token } = await answerTo(
      this.#environment.fetch,
      (init) => this.#calls.POST('/demo/sessions', { ...init, body }),
      isToken,
    ).catch((thrown: unknown) => rethrow(thrown, [404, 405, 409], NO_DEMO, strings.session.noDemo));
    return this.#activate('demo', token);
  }

  /** @throws {ApiFailure} `link_refused` for a token that is used, too old or none */
  linkSession(token: string): Promise<PageSession> {
    return this.#activate('link', token).catch((thrown: unknown) =>
      rethrow(thrown, [400, 403], LINK_REFUSED, strings.session.linkRefused),
    );
  }

  async end(session: PageSession): Promise<void> {
    const key = { keyId: session.sessionId, privateKey: session.privateKey };
    const fetch = (request: Request): Promise<Response> => this.#environment.signed.send(request, key);
    await this.#calls.DELETE('/sessions/current', { fetch });
  }

  /** Trades the token for a session of a key that is made here and now; the request proves that we hold it. */
  async #activate(kind: SessionKind, token: string): Promise<PageSession> {
    const { signed, nowMs } = this.#environment;
    const { privateKey, publicJwk } = await newSigningKey();
    const key = { keyId: await thumbprint(publicJwk), privateKey };
    const body = { session_token: token, public_key: { ...publicJwk } };
    const begunMs = nowMs();
    const session = await answerTo(
      (request) => signed.send(request, key),
      (init) => this.#calls.POST('/sessions/activate', { ...init, body }),
      isSession,
    );
    return {
      kind,
      sessionId: session.session_id,
      owner: { userId: session.user_id, orgId: session.org_id },
      integrations: session.integrations,
      permissions: session.permissions,
      expiresAtMs: begunMs + session.expires_in * 1_000,
      returnUrl: isHttpUrl(session.return_url) ? session.return_url : null,
      privateKey,
    };
  }
}

function isToken(body: SessionToken): boolean {
  return typeof body.session_token === 'string';
}

function isSession(body: Session): boolean {
  const texts = [body.session_id, body.user_id, body.org_id];
  return texts.every((text) => typeof text === 'string') && body.expires_in > 0 && Array.isArray(body.integrations);
}

/** The same failure in words for this occasion, where its status says that it is this occasion. */
function rethrow(thrown: unknown, statuses: number[], code: string, message: string): never {
  const failure = asFailure(thrown);
  if (!statuses.includes(failure.status)) throw failure;
  const { status, requestId } = failure;
  throw new ApiFailure({ code, message, status, requestId, cause: failure });
}
