import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';

const DEFAULT_ACCOUNT = 'usrAnn00000000000';

/** Says yes to whatever the person is asked: who he is (the request's `login_hint`, if any), and whether he agrees. */
export async function sayYes(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const accountId = text(params['login_hint']) ?? DEFAULT_ACCOUNT;
    await provider.interactionFinished(request, response, { login: { accountId } });
    return;
  }
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const clientId = text(params['client_id']) ?? '';
  const grant = known ?? new provider.Grant({ clientId, accountId: session?.accountId ?? DEFAULT_ACCOUNT });
  grant.addOIDCScope(text(params['scope']) ?? '');
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

/**
 * Follows an authorization request as a browser that was never there before, to the first address elsewhere.
 * @throws Error when the server shows a page instead of redirecting
 */
export async function followToCallback(authorizationUrl: URL): Promise<URL> {
  const cookies = new Map<string, string>();
  for (let url = authorizationUrl, hops = 0; hops < 10; hops++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    const page = await response.text();
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The authorization server answered ${response.status}: ${page}`);
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    url = new URL(location, url);
    if (url.origin !== authorizationUrl.origin) return url;
  }
  throw new Error('The authorization server redirects without end.');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
