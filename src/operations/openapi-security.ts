import { PERMISSIONS } from '../callers/caller.ts';
import { ACCEPT_SIGNATURE, MAX_AGE_SECONDS, MAX_AHEAD_SECONDS } from '../callers/request-signature.ts';
import type { Access } from '../callers/access.ts';

const HOW = `HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530). Cover at least \`@method\`, \`@authority\`,
\`@path\`, \`@query\`, and with a body \`content-digest\` and \`content-type\`; say \`created\` (at most ${MAX_AGE_SECONDS} s old,
${MAX_AHEAD_SECONDS} s ahead), \`keyid\` and a fresh \`nonce\` of 16 to 128 characters. As Accept-Signature has it:
\`${ACCEPT_SIGNATURE}\``;

/** OpenAPI has no scheme of its own for RFC 9421; `WWW-Authenticate: Signature` is how a refusal names ours. */
export const SECURITY_SCHEMES = {
  ApiClient: {
    type: 'http',
    scheme: 'Signature',
    description: `A backend. ${HOW}

\`keyid\` is the client id; the algorithm is \`hmac-sha256\` with its secret or \`ed25519\` with its key. Its permissions are
among ${PERMISSIONS.map((name) => `\`${name}\``).join(', ')}; each route says which one it needs.`,
  },
  BrowserSession: {
    type: 'http',
    scheme: 'Signature',
    description: `A browser. ${HOW}

\`keyid\` is the session id, or anything while the session is being activated; the algorithm is \`ecdsa-p256-sha256\` with a
key that never leaves the browser.`,
  },
} as const;

type SecurityRequirement = Partial<Record<keyof typeof SECURITY_SCHEMES, string[]>>;

export function securityOf(access: Access): SecurityRequirement[] {
  if (access.kind === 'public') return [];
  if (access.kind === 'key_holder') return [{ BrowserSession: [] }];
  const { session, client } = access;
  return [...(client === undefined ? [] : [{ ApiClient: [] }]), ...(session === false ? [] : [{ BrowserSession: [] }])];
}

/** Who may call, in a sentence. */
export function callersOf(access: Access): string {
  if (access.kind === 'public') return `Not signed: ${access.why}.`;
  if (access.kind === 'key_holder') return 'Signed by the very key that the body presents.';
  const { session, client } = access;
  const backend = client === 'any' ? 'an API client' : `an API client with \`${client ?? ''}\``;
  const browser = typeof session === 'string' ? `a browser session with \`${session}\`` : 'a browser session';
  const who = [...(client === undefined ? [] : [backend]), ...(session === false ? [] : [browser])];
  return `For ${who.join(' or ')}.`;
}
