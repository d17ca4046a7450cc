import { randomBytes } from 'node:crypto';

/** What the page tells whoever waits for it. */
export interface CallbackMessage {
  readonly type: 'patchbay.connection';
  readonly integration: string;
  readonly status: 'connected' | 'denied' | 'failed';
  readonly error?: string;
  readonly connection_id?: string;
  readonly state?: string;
}

export interface CallbackPage {
  readonly html: string;
  /** Content-Security-Policy that allows the page's own two blocks and nothing else. */
  readonly contentSecurityPolicy: string;
}

const WORDS = {
  connected: { title: 'Connected', text: 'The account is connected. You can close this window.' },
  denied: {
    title: 'Not connected',
    text: 'Access was not granted, so nothing was connected. You can close this window and try again.',
  },
  failed: { title: 'Not connected', text: 'The connection could not be made. Close this window and try again.' },
} as const;

/**
 * The page a popup ends on. It tells its opener twice, for what one way loses the other has, and closes itself. It names
 * no code, token or text of the provider: `displayName` and the message hold words of ours alone.
 * @param openerOrigins exact origins the message may go to
 * @param why a sentence of ours that says more than the status does
 */
export function callbackPage(
  displayName: string,
  message: CallbackMessage,
  openerOrigins: readonly string[],
  why?: string,
): CallbackPage {
  const nonce = randomBytes(18).toString('base64');
  const { title, text } = WORDS[message.status];
  const script = `
const message = ${inScript(message)};
history.replaceState(null, '', location.pathname);
try { new BroadcastChannel('patchbay').postMessage(message); } catch {}
if (window.opener) for (const origin of ${inScript(openerOrigins)}) { try { window.opener.postMessage(message, origin); } catch {} }
setTimeout(() => window.close(), ${message.status === 'failed' ? 4000 : 600});`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - ${escapeHtml(displayName)}</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { min-height: 90vh; margin: 0; display: grid; place-content: center; text-align: center; padding: 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
p { margin: 0; max-width: 26rem; }
code { font-size: .85rem; opacity: .75; }
</style>
</head>
<body>
<main data-status="${message.status}">
<h1>${title}: ${escapeHtml(displayName)}</h1>
<p role="status">${escapeHtml(why ?? text)}</p>
${message.error === undefined ? '' : `<p><code>${escapeHtml(message.error)}</code></p>`}
</main>
<script nonce="${nonce}">${script}
</script>
</body>
</html>
`;
  const contentSecurityPolicy =
    `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return { html, contentSecurityPolicy };
}

function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that can't end the script element it stands in, nor a line of it. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
