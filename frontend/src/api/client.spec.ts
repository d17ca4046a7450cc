import { describe, expect, it } from '@jest/globals';
import { ApiFailure } from './api-failure.ts';
import { ApiClient, isHttpUrl } from './client.ts';

const OWNER = { userId: 'a:b@c', orgId: 'acme' };

function clientAnswering(answer: () => Response | Promise<Response>) {
  const sent: Request[] = [];
  const client = new ApiClient('http://localhost:8000', (request) => {
    sent.push(request);
    return Promise.resolve().then(answer);
  });
  return { client, sent };
}

async function failureOf(answer: () => Response | Promise<Response>): Promise<ApiFailure> {
  const outcome: unknown = await clientAnswering(answer)
    .client.listIntegrations(OWNER)
    .catch((thrown: unknown) => thrown);
  if (!(outcome instanceof ApiFailure)) throw new Error('It should have failed.');
  return outcome;
}

describe('the API client', () => {
  it('asks for the connections of exactly one owner', async () => {
    const { client, sent } = clientAnswering(() => Response.json({ connections: [] }));
    await expect(client.listConnections(OWNER)).resolves.toEqual([]);
    expect(sent[0]?.url).toBe('http://localhost:8000/connections?user_id=a%3Ab%40c&org_id=acme');
  });

  it('sends JSON bodies as JSON', async () => {
    const page = { items: [], next_cursor: null, complete: true, stale: false, as_of: null, failures: [] };
    const { client, sent } = clientAnswering(() => Response.json(page));
    await client.loadItems('air/table', { user_id: 'u', org_id: 'o' });
    expect(sent[0]?.method).toBe('POST');
    expect(sent[0]?.url).toBe('http://localhost:8000/integrations/air%2Ftable/load');
    expect(sent[0]?.headers.get('content-type')).toBe('application/json');
    expect(await sent[0]?.json()).toEqual({ user_id: 'u', org_id: 'o' });
  });

  it("passes on the service's own explanation", async () => {
    const details = { request_id: 'r1', retry_after: 7, fields: [{ field: 'user_id', problem: 'too long' }] };
    const envelope = { error: 'rate_limited', message: 'Slow down.', details };
    const failure = await failureOf(() => Response.json(envelope, { status: 429 }));
    expect(failure).toMatchObject({
      code: 'rate_limited',
      message: 'Slow down.',
      requestId: 'r1',
      retryAfterSeconds: 7,
    });
    expect(failure.fields).toEqual(details.fields);
    expect(failure.transient).toBe(true);
  });

  it("explains a proxy's HTML page in our own words, with the request id of its header", async () => {
    const headers = { 'x-request-id': 'r2', 'retry-after': '3' };
    const failure = await failureOf(() => new Response('<h1>Bad gateway</h1>', { status: 502, headers }));
    expect(failure).toMatchObject({ code: 'http_502', requestId: 'r2', retryAfterSeconds: 3 });
    expect(failure.message).not.toContain('<h1>');
  });

  it.each(['<html>', '{"integrations":', 'null', '{}', '[]'])('refuses the 200 answer %p', async (body) => {
    expect((await failureOf(() => new Response(body))).code).toBe('unreadable_answer');
  });

  it('says that it could not be reached, or that it took too long', async () => {
    const refused = await failureOf(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(refused).toMatchObject({ code: 'network_error', transient: true });
    const late = await failureOf(() => Promise.reject(new DOMException('late', 'TimeoutError')));
    expect(late.code).toBe('client_timeout');
  });

  it("ends with the caller's reason when the caller gives up", async () => {
    const stop = new AbortController();
    const { client } = clientAnswering(() => {
      stop.abort(new Error('enough'));
      return Promise.reject(new DOMException('aborted', 'AbortError'));
    });
    await expect(client.listIntegrations(OWNER, stop.signal)).rejects.toThrow('enough');
  });

  it('refuses an authorization URL that is no web address', async () => {
    const body = { authorization_url: 'javascript:alert(1)', state: 's', expires_in: 600 };
    const { client } = clientAnswering(() => Response.json(body));
    const begun = client.beginAuthorization('notion', { user_id: 'u', org_id: 'o' });
    await expect(begun).rejects.toMatchObject({ code: 'unreadable_answer' });
  });

  it('follows links to the web alone', () => {
    expect(['https://a.example/', 'http://localhost:1/x'].every(isHttpUrl)).toBe(true);
    const others = [
      'javascript:alert(1)',
      'data:text/html,x',
      '/relative',
      ' ',
      null,
      'JAVASCRIPT:alert(1)',
      'ftp://a',
    ];
    expect(others.some(isHttpUrl)).toBe(false);
  });
});
