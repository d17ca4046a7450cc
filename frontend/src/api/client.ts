import type { Owner } from '../owner/owner.ts';
import { NDJSON, openStream, type OpenedStream } from './stream-call.ts';
import { answerTo, typedCalls, type SendRequest, type TypedCalls } from './typed-calls.ts';
import type {
  Authorization,
  AuthorizeRequest,
  AuthorizeResponse,
  Connection,
  DisconnectResponse,
  Integration,
  ItemPage,
  LoadRequest,
  Status,
} from './types.ts';

/**
 * Sends one finished request on an owner's behalf. Every call leaves the page through this: it is where a request gets
 * signed, with the session of that owner.
 */
export type Send = (request: Request, owner: Owner) => Promise<Response>;

/** The service as the page sees it. Every method rejects with `ApiFailure`, or with the signal's own reason. */
export class ApiClient {
  readonly #send: Send;
  readonly #calls: TypedCalls;

  constructor(origin: string, send: Send) {
    this.#calls = typedCalls(origin);
    this.#send = send;
  }

  async listIntegrations(owner: Owner, signal?: AbortSignal): Promise<Integration[]> {
    const { integrations } = await answerTo(
      this.#sendFor(owner),
      (init) => this.#calls.GET('/integrations', { ...init }),
      (body) => Array.isArray(body.integrations),
      signal,
    );
    return integrations;
  }

  async listConnections(owner: Owner, signal?: AbortSignal): Promise<Connection[]> {
    const { connections } = await answerTo(
      this.#sendFor(owner),
      (init) => this.#calls.GET('/connections', { ...init, params: { query: namesOf(owner) } }),
      (body) => Array.isArray(body.connections),
      signal,
    );
    return connections;
  }

  beginAuthorization(integration: string, body: AuthorizeRequest): Promise<AuthorizeResponse> {
    const params = { path: { integration } };
    return answerTo(
      this.#sendFor(ownerOf(body)),
      (init) => this.#calls.POST('/integrations/{integration}/authorize', { ...init, params, body }),
      (answer) => isHttpUrl(answer.authorization_url) && typeof answer.state === 'string' && answer.expires_in > 0,
    );
  }

  readAuthorization(owner: Owner, integration: string, state: string, signal?: AbortSignal): Promise<Authorization> {
    const params = { path: { integration, state } };
    return answerTo(
      this.#sendFor(owner),
      (init) => this.#calls.GET('/integrations/{integration}/authorizations/{state}', { ...init, params }),
      (body) => typeof body.status === 'string',
      signal,
    );
  }

  disconnect(owner: Owner, { integration, connection_id }: Connection): Promise<DisconnectResponse> {
    const params = { path: { integration }, query: { ...namesOf(owner), connection_id } };
    return answerTo(
      this.#sendFor(owner),
      (init) => this.#calls.DELETE('/integrations/{integration}/credentials', { ...init, params }),
      (body) => body.deleted,
    );
  }

  /** One page of items; `signal` also ends the provider calls behind it. */
  loadItems(integration: string, body: LoadRequest, signal?: AbortSignal): Promise<ItemPage> {
    const params = { path: { integration } };
    return answerTo(
      this.#sendFor(ownerOf(body)),
      (init) => this.#calls.POST('/integrations/{integration}/load', { ...init, params, body }),
      (page) => Array.isArray(page.items) && (page.next_cursor === null || typeof page.next_cursor === 'string'),
      signal,
    );
  }

  /** All items as lines; `signal` also ends the provider calls behind them. */
  streamItems(integration: string, body: LoadRequest, signal: AbortSignal): Promise<OpenedStream> {
    const asLines = {
      params: { path: { integration } },
      body,
      headers: { accept: NDJSON },
      parseAs: 'stream',
    } as const;
    return openStream(
      this.#sendFor(ownerOf(body)),
      (init) => this.#calls.POST('/integrations/{integration}/load', { ...init, ...asLines }),
      signal,
    );
  }

  /** Of the process that happens to answer. */
  readStatus(owner: Owner, signal?: AbortSignal): Promise<Status> {
    return answerTo(
      this.#sendFor(owner),
      (init) => this.#calls.GET('/operations/status', { ...init }),
      (body) => Array.isArray(body.providers),
      signal,
    );
  }

  #sendFor(owner: Owner): SendRequest {
    return (request) => this.#send(request, owner);
  }
}

/** Whether a link may be followed: http and https alone, so that `javascript:` and `data:` never become a link. */
export function isHttpUrl(candidate: unknown): candidate is string {
  if (typeof candidate !== 'string' || !URL.canParse(candidate)) return false;
  const { protocol } = new URL(candidate);
  return protocol === 'https:' || protocol === 'http:';
}

function namesOf(owner: Owner): { user_id: string; org_id: string } {
  return { user_id: owner.userId, org_id: owner.orgId };
}

/** Whom a body names. */
function ownerOf(body: { user_id: string; org_id: string }): Owner {
  return { userId: body.user_id, orgId: body.org_id };
}
