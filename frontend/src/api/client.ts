import type { Owner } from '../owner/owner.ts';
import { callJson, type Call } from './json-call.ts';
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
  readonly #origin: string;

  constructor(origin: string, send: Send) {
    this.#origin = origin;
    this.#send = send;
  }

  async listIntegrations(owner: Owner, signal?: AbortSignal): Promise<Integration[]> {
    const call: Call = { method: 'GET', path: '/integrations', signal };
    return (await this.#call<IntegrationList>(owner, call, (body) => Array.isArray(body.integrations))).integrations;
  }

  async listConnections(owner: Owner, signal?: AbortSignal): Promise<Connection[]> {
    const query = { user_id: owner.userId, org_id: owner.orgId };
    const call: Call = { method: 'GET', path: '/connections', query, signal };
    return (await this.#call<ConnectionList>(owner, call, (body) => Array.isArray(body.connections))).connections;
  }

  async beginAuthorization(integration: string, body: AuthorizeRequest): Promise<AuthorizeResponse> {
    const call: Call = { method: 'POST', path: `${integrationPath(integration)}/authorize`, body };
    return this.#call<AuthorizeResponse>(
      ownerOf(body),
      call,
      (answer) => isHttpUrl(answer.authorization_url) && typeof answer.state === 'string' && answer.expires_in > 0,
    );
  }

  async readAuthorization(
    owner: Owner,
    integration: string,
    state: string,
    signal?: AbortSignal,
  ): Promise<Authorization> {
    const path = `${integrationPath(integration)}/authorizations/${encodeURIComponent(state)}`;
    return this.#call<Authorization>(owner, { method: 'GET', path, signal }, (body) => typeof body.status === 'string');
  }

  async disconnect(owner: Owner, connection: Connection): Promise<DisconnectResponse> {
    const path = `${integrationPath(connection.integration)}/credentials`;
    const query = { user_id: owner.userId, org_id: owner.orgId, connection_id: connection.connection_id };
    return this.#call<DisconnectResponse>(owner, { method: 'DELETE', path, query }, (body) => body.deleted);
  }

  /** One page of items; `signal` also ends the provider calls behind it. */
  async loadItems(integration: string, body: LoadRequest, signal?: AbortSignal): Promise<ItemPage> {
    const call: Call = { method: 'POST', path: `${integrationPath(integration)}/load`, body, signal };
    return this.#call<ItemPage>(
      ownerOf(body),
      call,
      (page) => Array.isArray(page.items) && (page.next_cursor === null || typeof page.next_cursor === 'string'),
    );
  }

  /** Of the process that happens to answer. */
  async readStatus(owner: Owner, signal?: AbortSignal): Promise<Status> {
    const call: Call = { method: 'GET', path: '/operations/status', signal };
    return this.#call<Status>(owner, call, (body) => Array.isArray(body.providers));
  }

  #call<T extends object>(owner: Owner, call: Call, fits: (body: T) => boolean): Promise<T> {
    return callJson(this.#origin, (request) => this.#send(request, owner), call, fits);
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

/** Whom a body names. */
function ownerOf(body: { user_id: string; org_id: string }): Owner {
  return { userId: body.user_id, orgId: body.org_id };
}
