import type { Owner } from '../owner/owner.ts';
import { ApiFailure, failureFromAnswer, failureFromNonsense, failureWithoutAnswer } from './api-failure.ts';
import type {
  Authorization,
  AuthorizeRequest,
  AuthorizeResponse,
  Connection,
  ConnectionList,
  DisconnectResponse,
  Integration,
  IntegrationList,
  ItemPage,
  LoadRequest,
} from './types.ts';

/** Sends one finished request. Every call leaves the page through this, so this is where a request gets signed. */
export type Send = (request: Request) => Promise<Response>;

/** Longer than the service's own patience with a provider, so that its explanation arrives before we give up. */
const REQUEST_DEADLINE_MS = 60_000;

interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** The service as the page sees it. Every method rejects with {@link ApiFailure}, or with the signal's own reason. */
export class ApiClient {
  readonly #send: Send;
  readonly #origin: string;

  constructor(origin: string, send: Send = (request) => fetch(request)) {
    this.#origin = origin;
    this.#send = send;
  }

  async listIntegrations(signal?: AbortSignal): Promise<Integration[]> {
    const call: Call = { method: 'GET', path: '/integrations', signal };
    return (await this.#call<IntegrationList>(call, (body) => Array.isArray(body.integrations))).integrations;
  }

  async listConnections(owner: Owner, signal?: AbortSignal): Promise<Connection[]> {
    const query = { user_id: owner.userId, org_id: owner.orgId };
    const call: Call = { method: 'GET', path: '/connections', query, signal };
    return (await this.#call<ConnectionList>(call, (body) => Array.isArray(body.connections))).connections;
  }

  async beginAuthorization(integration: string, body: AuthorizeRequest): Promise<AuthorizeResponse> {
    const call: Call = { method: 'POST', path: `${integrationPath(integration)}/authorize`, body };
    return this.#call<AuthorizeResponse>(
      call,
      (answer) => isHttpUrl(answer.authorization_url) && typeof answer.state === 'string' && answer.expires_in > 0,
    );
  }

  async readAuthorization(integration: string, state: string, signal?: AbortSignal): Promise<Authorization> {
    const path = `${integrationPath(integration)}/authorizations/${encodeURIComponent(state)}`;
    return this.#call<Authorization>({ method: 'GET', path, signal }, (body) => typeof body.status === 'string');
  }

  async disconnect(owner: Owner, connection: Connection): Promise<DisconnectResponse> {
    const path = `${integrationPath(connection.integration)}/credentials`;
    const query = { user_id: owner.userId, org_id: owner.orgId, connection_id: connection.connection_id };
    return this.#call<DisconnectResponse>({ method: 'DELETE', path, query }, (body) => body.deleted);
  }

  /** One page of items; `signal` also ends the provider calls behind it. */
  async loadItems(integration: string, body: LoadRequest, signal?: AbortSignal): Promise<ItemPage> {
    const call: Call = { method: 'POST', path: `${integrationPath(integration)}/load`, body, signal };
    return this.#call<ItemPage>(
      call,
      (page) => Array.isArray(page.items) && (page.next_cursor === null || typeof page.next_cursor === 'string'),
    );
  }

  async #call<T extends object>(call: Call, fits: (body: T) => boolean): Promise<T> {
    const { response, text } = await this.#exchange(call);
    const body = parseJson(text);
    if (!response.ok) throw failureFromAnswer(response, body);
    if (typeof body !== 'object' || body === null || !fits(body as T)) throw failureFromNonsense(response);
    return body as T;
  }

  async #exchange(call: Call): Promise<{ response: Response; text: string }> {
    const deadline = AbortSignal.timeout(REQUEST_DEADLINE_MS);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    try {
      const response = await this.#send(this.#request(call, signal));
      return { response, text: await response.text() };
    } catch (cause) {
      call.signal?.throwIfAborted();
      throw cause instanceof ApiFailure ? cause : failureWithoutAnswer(cause);
    }
  }

  #request(call: Call, signal: AbortSignal): Request {
    const url = new URL(call.path, this.#origin);
    url.search = new URLSearchParams(call.query).toString();
    const headers = new Headers({ accept: 'application/json' });
    const init: RequestInit = { method: call.method, headers, signal, credentials: 'same-origin', redirect: 'error' };
    if (call.body !== undefined) {
      headers.set('content-type', 'application/json');
      init.body = JSON.stringify(call.body);
    }
    return new Request(url, init);
  }
}

/** Whether a link may be followed: http and https alone, so that `javascript:` and `data:` never become a link. */
export function isHttpUrl(candidate: unknown): candidate is string {
  if (typeof candidate !== 'string' || !URL.canParse(candidate)) return false;
  const { protocol } = new URL(candidate);
  return protocol === 'https:' || protocol === 'http:';
}

function integrationPath(integration: string): string {
  return `/integrations/${encodeURIComponent(integration)}`;
}

/** The parsed body, or undefined when it isn't JSON (a proxy's HTML page, a cut answer). */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
