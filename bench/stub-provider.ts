// Airtable as fast as Node can play it: grants everything to everyone and always lists the same bases. Run as a child.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ITEMS = 100;
/** How long the API takes to answer. */
const DELAY_MS = Number(process.env['STUB_DELAY_MS'] ?? 0);
const HOUR_SECONDS = 3600;

const bases = Array.from({ length: ITEMS }, (_, index) => ({
  id: `app${String(index).padStart(14, '0')}`,
  name: `Base number ${index}`,
  permissionLevel: 'create',
}));

const ANSWERS = new Map<string, string>([
  ['/meta/bases', JSON.stringify({ bases })],
  ['/meta/whoami', JSON.stringify({ id: 'usr00000000000001', email: 'bench@example.invalid' })],
  [
    '/token',
    JSON.stringify({
      access_token: 'bench-access',
      refresh_token: 'bench-refresh',
      token_type: 'Bearer',
      expires_in: 10 * HOUR_SECONDS,
      refresh_expires_in: 100 * HOUR_SECONDS,
      scope: 'data.records:read schema.bases:read user.email:read',
    }),
  ],
]);

let basesListed = 0;

const server = createServer((request, response) => {
  const path = request.url?.split('?', 1)[0] ?? '';
  if (path === '/meta/bases') basesListed += 1;
  const answer = path === '/_listed' ? JSON.stringify({ basesListed }) : ANSWERS.get(path);
  const reply = (): void => {
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(answer ?? '{}');
  };
  if (DELAY_MS > 0 && path.startsWith('/meta/')) setTimeout(reply, DELAY_MS);
  else reply();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
