// Airtable and HubSpot as fast as Node can play them: everybody is granted everything, and lists are always the same. Run as a
// child.
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
      hub_id: 12_345,
    }),
  ],
]);

const CONTACTS = '/crm/v3/objects/contacts';
const CONTACTS_A_PAGE = 100;
/** How many contacts there are. */
const CONTACT_COUNT = Number(process.env['STUB_CONTACTS'] ?? 1000);
/** How many of the bases are listed. */
const BASE_COUNT = Number(process.env['STUB_BASES'] ?? ITEMS);

/** A page as HubSpot writes one, but for its ids and where it leads: those are put in. */
const contacts = Array.from({ length: CONTACTS_A_PAGE }, (_, index) => ({
  id: `@${String(index).padStart(2, '0')}`,
  properties: {
    createdate: '2026-01-02T03:04:05.678Z',
    email: `contact-${index}@example.invalid`,
    firstname: 'Ada',
    hs_object_id: `@${String(index).padStart(2, '0')}`,
    lastmodifieddate: '2026-06-07T08:09:10.111Z',
    lastname: 'Lovelace',
  },
  createdAt: '2026-01-02T03:04:05.678Z',
  updatedAt: '2026-06-07T08:09:10.111Z',
  archived: false,
  url: `https://app.hubspot.com/contacts/12345/record/0-1/@${String(index).padStart(2, '0')}`,
  associations: { companies: { results: [{ id: '9', type: 'contact_to_company' }] } },
}));
const contactsJson = JSON.stringify(contacts);

/** Ids go up from page to page. */
function contactPage(query: URLSearchParams): string {
  const after = Number(query.get('after') ?? 0);
  const end = after + CONTACTS_A_PAGE;
  const results = contactsJson.replaceAll('@', String(10_000_000 + after / CONTACTS_A_PAGE));
  const paging =
    end >= CONTACT_COUNT ? '' : `,"paging":{"next":{"after":"${end}","link":"https://api.hubapi.com/next"}}`;
  return `{"results":${results}${paging}}`;
}

function answerTo(url: URL): string | undefined {
  const { pathname } = url;
  if (pathname === CONTACTS) return contactPage(url.searchParams);
  if (pathname === `${CONTACTS}/search`) return JSON.stringify({ total: CONTACT_COUNT, results: [] });
  if (pathname === '/meta/bases') return JSON.stringify({ bases: bases.slice(0, BASE_COUNT) });
  const [, baseId] = /^\/meta\/bases\/(\w+)\/tables$/.exec(pathname) ?? [];
  if (baseId !== undefined)
    return JSON.stringify({ tables: [{ id: `tbl${baseId.slice(3)}`, name: 'Table', fields: [] }] });
  return pathname === '/_listed' ? JSON.stringify({ basesListed }) : ANSWERS.get(pathname);
}

let basesListed = 0;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://stub');
  if (url.pathname === '/meta/bases') basesListed += 1;
  const answer = answerTo(url);
  const reply = (): void => {
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(answer ?? '{}');
  };
  if (DELAY_MS > 0 && /^\/(?:meta|crm)\//.test(url.pathname)) setTimeout(reply, DELAY_MS);
  else reply();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
