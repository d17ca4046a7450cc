import { checkAnswer, IS_JSON } from './answer-validator.ts';
import { browserKey, signatureHeaders, type RequestKey } from './request-signer.ts';

/** What came back, its body parsed when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface Begun {
  readonly authorization_url: string;
  readonly state: string;
  readonly expires_in: number;
}

interface Owner {
  readonly user_id: string;
  readonly org_id: string;
}

/** Who a browser is when a request names nobody. */
const ANYBODY: Owner = { user_id: 'anybody', org_id: 'anywhere' };

/**
 * As much of a browser as the OAuth journey needs: it keeps the cookies of one site, submits the consent form, and signs
 * every call with a demo session of whoever the request names, as the page does.
 */
export class Browser {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();
  readonly #sessions = new Map<string, Promise<RequestKey>>();
  #last: Owner = ANYBODY;

  constructor(url: string) {
    this.#url = url;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    return this.unsigned(method, path, text, {
      ...headers,
      ...(await this.signature(method, path, text, headers['content-type'])),
    });
  }

  /** The headers that make a request one of this browser's. */
  async signature(method: string, path: string, body?: string, contentType?: string): Promise<Record<string, string>> {
    const url = new URL(path, this.#url);
    this.#last = ownerNamed(url, body) ?? this.#last;
    const key = await this.#session(this.#last);
    return signatureHeaders(key, {
      method,
      url,
      ...(contentType === undefined ? {} : { contentType }),
      ...(body === undefined ? {} : { body }),
    });
  }

  /** As a script would that has no key. */
  async unsigned(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, this.#url), {
      method,
      redirect: 'manual',
      headers: { ...(cookie === '' ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    checkAnswer({
      method,
      path: new URL(path, this.#url).pathname,
      status: response.status,
      headers: response.headers,
      text,
    });
    const isJson = IS_JSON.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, json: isJson && text !== '' ? parse(text) : {} };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.call('GET', path, undefined, headers);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.call('POST', path, body);
  }

  async begin(integration: string, members: Record<string, unknown>): Promise<Begun> {
    const answer = await this.post(`/integrations/${integration}/authorize`, members);
    if (answer.status !== 200) throw new Error(`authorize answered ${answer.status}: ${answer.text}`);
    return answer.json as unknown as Begun;
  }

  /** Decides on the provider's page. @returns where the provider sends the browser: the callback with its query */
  async decide(
    authorizationUrl: string,
    decision: 'approve' | 'deny',
    form: Record<string, string> = {},
  ): Promise<URL> {
    const body = new URLSearchParams({ ...form, decision });
    const response = await fetch(authorizationUrl, { method: 'POST', body, redirect: 'manual' });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
    return new URL(location);
  }

  /** Another of the accounts that the provider's page offers. */
  async secondAccount(authorizationUrl: string): Promise<string> {
    const page = await (await fetch(authorizationUrl)).text();
    const [, second] = [...page.matchAll(/<option[^>]*value="([^"]+)"/g)].map(([, value]) => value);
    if (second === undefined) throw new Error(`The provider offers no second account: ${page}`);
    return second;
  }

  /** Follows the provider's redirect to our callback, as a browser would. */
  arrive(location: URL): Promise<Answer> {
    return this.unsigned('GET', location.pathname + location.search, undefined, {
      accept: 'text/html,application/xhtml+xml',
    });
  }

  /** The whole journey. @returns the answer of the callback */
  async connect(integration: string, members: Record<string, unknown>, form?: Record<string, string>): Promise<Answer> {
    const { authorization_url } = await this.begin(integration, members);
    return this.arrive(await this.decide(authorization_url, 'approve', form));
  }

  /** One session for each whom this browser ever acted for. */
  #session(owner: Owner): Promise<RequestKey> {
    const name = `${owner.org_id} ${owner.user_id}`;
    const session = this.#sessions.get(name) ?? this.#newSession(owner);
    this.#sessions.set(name, session);
    // The next request asks for a session again.
    session.catch(() => this.#sessions.delete(name));
    return session;
  }

  async #newSession(owner: Owner): Promise<RequestKey> {
    const { signer, jwk } = browserKey();
    const token = await this.unsigned('POST', '/demo/sessions', JSON.stringify(owner), {
      'content-type': 'application/json',
    });
    if (token.status !== 201) throw new Error(`demo/sessions answered ${token.status}: ${token.text}`);
    const body = JSON.stringify({ session_token: token.json['session_token'], public_key: jwk });
    const url = new URL('/sessions/activate', this.#url);
    const signed = signatureHeaders({ keyId: 'not-yet-a-session', signer }, { method: 'POST', url, body });
    const session = await this.unsigned('POST', '/sessions/activate', body, signed);
    if (session.status !== 201) throw new Error(`activate answered ${session.status}: ${session.text}`);
    return { keyId: String(session.json['session_id']), signer };
  }
}

const IDENTIFIER = /^[A-Za-z0-9._:@-]{1,128}$/;

/** Whom a request names in its query or body, where it names one who can be. */
function ownerNamed(url: URL, body: string | undefined): Owner | undefined {
  const named =
    body?.startsWith('{') === true ? readable(body) : Object.fromEntries(new URLSearchParams(body ?? url.search));
  const { user_id, org_id } = named;
  const isSomebody = [user_id, org_id].every((id) => typeof id === 'string' && IDENTIFIER.test(id));
  return isSomebody ? { user_id: String(user_id), org_id: String(org_id) } : undefined;
}

function readable(text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch {
    return {};
  }
}

function parse(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}
