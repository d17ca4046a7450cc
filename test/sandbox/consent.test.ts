import { afterEach, describe, expect, it } from '@jest/globals';
import { authorizeUrl, closeSandboxes, connect, decide, openSandbox, STATE } from './connect.ts';

afterEach(closeSandboxes);

async function page(url: string): Promise<{ html: string; headers: Headers; status: number }> {
  const response = await fetch(url);
  return { html: await response.text(), headers: response.headers, status: response.status };
}

describe('the sandbox’s consent page', () => {
  it.each(['airtable', 'notion', 'hubspot', 'slack'] as const)(
    'is a plain form that says SANDBOX, for %s',
    async (name) => {
      const sandbox = await openSandbox();
      const { html, headers } = await page(authorizeUrl(sandbox, name));
      expect(html).toContain('SANDBOX');
      expect(html).toContain('<form method="post">');
      expect(html).toMatch(/<button type="submit" name="decision" value="approve">/);
      expect(html).toMatch(/<button type="submit" name="decision" value="deny">/);
      expect(html.match(/<option /g)).toHaveLength(3);
      expect(html).not.toContain('<script');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      // Chromium applies form-action to the redirect after the submit, so there must be none.
      expect(headers.get('content-security-policy')).not.toContain('form-action');
    },
  );

  it('lists the scopes asked for, optional ones to untick', async () => {
    const sandbox = await openSandbox();
    const { html } = await page(authorizeUrl(sandbox, 'slack'));
    expect(html).toContain('<code>channels:read</code>');
    expect(html).toContain('<input type="checkbox" name="scope" value="users:read.email" checked>');
  });

  it('escapes what comes from the address', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const app = { provider: 'slack', clientId: evil, clientSecret: 's' } as const;
    const sandbox = await openSandbox({ clients: [app] });
    const consent = await page(authorizeUrl(sandbox, 'slack', { client_id: evil }));
    expect(consent.status).toBe(200);
    expect(consent.html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(consent.html).not.toContain('<img');
    const refusal = await page(authorizeUrl(sandbox, 'hubspot', { scope: evil.replaceAll(' ', '') }));
    expect(refusal.status).toBe(400);
    expect(refusal.html).not.toContain('<img');
  });

  it('connects different accounts, each always as itself', async () => {
    const sandbox = await openSandbox();
    const hubs = [];
    for (const account of [0, 1, 2, 0]) hubs.push((await connect(sandbox, 'hubspot', account))['hub_id']);
    expect(new Set(hubs.slice(0, 3)).size).toBe(3);
    expect(hubs[3]).toBe(hubs[0]);
  });

  it('refuses a form without a decision, or with an account nobody has', async () => {
    const sandbox = await openSandbox();
    for (const body of ['account=1', 'decision=approve&account=7', 'decision=maybe']) {
      const init = { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' } as const;
      expect((await fetch(authorizeUrl(sandbox, 'notion'), init)).status).toBe(400);
    }
  });

  it('brings the state back unchanged, and keeps the query the redirect URI has', async () => {
    const sandbox = await openSandbox();
    const state = 'a b+c&d=%20é';
    const redirect = 'http://localhost:8000/callback?tenant=1';
    const location = await decide(authorizeUrl(sandbox, 'notion', { state, redirect_uri: redirect }));
    expect(location.searchParams.get('state')).toBe(state);
    expect(location.searchParams.get('tenant')).toBe('1');
    expect(STATE).not.toBe(state);
  });

  it('carries an opener policy when told to', async () => {
    const sandbox = await openSandbox({ crossOriginOpenerPolicy: 'same-origin' });
    const { headers } = await page(authorizeUrl(sandbox, 'airtable'));
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });
});
