import { randomBytes } from 'node:crypto';
import { escapeHtml } from './html.ts';
import type { Reply } from './message.ts';

export interface ScopeChoice {
  readonly name: string;
  /** `scope` or `user_scope`: the form field it is sent back in. */
  readonly field: 'scope' | 'user_scope';
  /** Whether the person may untick it. */
  readonly optional: boolean;
}

export interface ConsentPage {
  readonly providerTitle: string;
  readonly appName: string;
  readonly redirectUri: string;
  readonly scopes: readonly ScopeChoice[];
  /** Said instead of a scope list where the provider has no scopes. */
  readonly access: string;
  readonly accounts: readonly string[];
  readonly crossOriginOpenerPolicy: string | null;
}

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; background: light-dark(#f3f4f6, #14161a); color: light-dark(#1c2024, #e8eaed); }
  .banner { background: #ffd43b; color: #2b2200; text-align: center; padding: .6rem 1rem; font-weight: 700; }
  main { max-width: 30rem; margin: 2rem auto; padding: 1.5rem; background: light-dark(#fff, #1e2126);
    border: 1px solid light-dark(#d8dce1, #353a41); border-radius: 12px; }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem; } h2 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
  p, label, li, code { overflow-wrap: anywhere; } small { color: light-dark(#555c66, #a8afb9); }
  ul { list-style: none; padding: 0; margin: 0; } li { padding: .15rem 0; }
  select { width: 100%; font: inherit; padding: .5rem; border-radius: 8px; }
  .actions { display: flex; gap: .75rem; margin-top: 1.5rem; }
  button { flex: 1; font: inherit; font-weight: 600; padding: .65rem; border-radius: 8px; cursor: pointer;
    border: 1px solid light-dark(#8b929c, #6a717b); background: transparent; color: inherit; }
  button[value=approve] { background: #1f5fd0; border-color: #1f5fd0; color: #fff; }`;

/** The consent page: a plain form that posts back to its own address, so it works without scripts. */
export function consentPage(page: ConsentPage): Reply {
  const title = `${page.providerTitle} (sandbox): connect ${page.appName}`;
  const accounts = page.accounts
    .map((label, index) => `<option value="${index}"${index === 0 ? ' selected' : ''}>${escapeHtml(label)}</option>`)
    .join('');
  return document(
    200,
    title,
    `<h1>${escapeHtml(page.appName)} wants to access your ${escapeHtml(page.providerTitle)} account</h1>
    <p>This page plays ${escapeHtml(page.providerTitle)}. The accounts and everything in them are made up.</p>
    <form method="post">
      <h2><label for="account">Account</label></h2>
      <select id="account" name="account">${accounts}</select>
      <h2>It asks for</h2>
      ${scopeList(page)}
      <input type="hidden" name="picked" value="1">
      <div class="actions">
        <button type="submit" name="decision" value="deny">Deny</button>
        <button type="submit" name="decision" value="approve">Approve</button>
      </div>
    </form>
    <p><small>You will be sent back to <code>${escapeHtml(page.redirectUri)}</code></small></p>`,
    page.crossOriginOpenerPolicy,
  );
}

/** What a provider shows when it can't send the person back: the callback never comes. */
export function refusalPage(providerTitle: string, code: string, problem: string): Reply {
  return document(
    400,
    `${providerTitle} (sandbox): ${code}`,
    `<h1>${escapeHtml(providerTitle)} can't continue</h1><p>${escapeHtml(problem)}</p><p><code>${escapeHtml(code)}</code></p>`,
    null,
  );
}

function scopeList(page: ConsentPage): string {
  if (page.scopes.length === 0) return `<p>${escapeHtml(page.access)}</p>`;
  const items = page.scopes.map((scope) => {
    const name = escapeHtml(scope.name);
    const as = scope.field === 'user_scope' ? ' <small>on your behalf</small>' : '';
    if (!scope.optional) return `<li><code>${name}</code>${as}</li>`;
    return `<li><label><input type="checkbox" name="${scope.field}" value="${name}" checked> <code>${name}</code>${as} <small>optional</small></label></li>`;
  });
  return `<ul>${items.join('')}</ul>`;
}

function document(status: number, title: string, body: string, openerPolicy: string | null): Reply {
  const nonce = randomBytes(16).toString('base64');
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      // No form-action: Chromium applies it to the redirect after the submit too, and that leads to the app.
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
      ...(openerPolicy === null ? {} : { 'cross-origin-opener-policy': openerPolicy }),
    },
    body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style nonce="${nonce}">${STYLE}</style></head>
<body>
  <div class="banner" role="note">SANDBOX: not the real provider, no real account is touched</div>
  <main>
    ${body}
  </main>
</body>
</html>
`,
  };
}
