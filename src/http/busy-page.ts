import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const CALLBACK = /^\/integrations\/[\w-]+\/oauth2callback\?/;

export const BUSY_PAGE_AGAIN_SECONDS = 2;

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { min-height: 90vh; margin: 0; display: grid; place-content: center; text-align: center; padding: 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
p { margin: 0; max-width: 26rem; }
`;

/**
 * For the popup that comes back from a provider when there is no place for it. Nothing of what it brought was used up: it asks
 * again by itself, at the address it has, which isn't repeated in the page.
 */
export const BUSY_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${BUSY_PAGE_AGAIN_SECONDS}">
<title>One moment</title>
<style>${STYLE}</style>
</head>
<body>
<main data-status="busy">
<h1>One moment</h1>
<p role="status">Too much is asked of us just now. Nothing is lost: this page tries again by itself, and reloading it does no harm.</p>
</main>
</body>
</html>
`;

/** As the callback page's own, but that it has no script, and its one style is the same for everybody. */
export const BUSY_PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Retry-After': BUSY_PAGE_AGAIN_SECONDS,
  'Content-Security-Policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'unsafe-none',
};

/** Whether a person waits for the answer, in a popup. */
export function isPopup({ method, url = '', headers }: IncomingMessage): boolean {
  return method === 'GET' && CALLBACK.test(url) && headers.accept?.includes('text/html') === true;
}
