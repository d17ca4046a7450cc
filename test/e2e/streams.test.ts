import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import type { Browser } from '../support/http-browser.ts';
import { loadAll } from '../support/load-all.ts';
import { LONG_DEADLINES, OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { asCaller, NDJSON, StreamReader, type StreamCaller } from '../support/stream-reader.ts';

const PAGE = 100;
const PAGES = 10;
const CONTACTS = { ...OWNER, item_types: ['contact'] };
const CONTACTS_PATH = '/crm/v3/objects/contacts';
const LISTED = `GET ${CONTACTS_PATH}`;
const PATH = '/integrations/hubspot/load';
/** Of one connection, and of one process. */
const MAX_OF_ONE = 16;
const MAX_STREAMS = 100;
/** Longer than any test takes. */
const HELD_MS = 600_000;

describe('A stream of items', () => {
  let patchbay: RunningPatchbay;
  let sandbox: SandboxControl;
  let browser: Browser;
  let caller: StreamCaller;
  let opened: StreamReader[] = [];
  /** All of them, as pages have them. */
  let contacts: readonly string[];

  beforeAll(async () => {
    patchbay = await startPatchbay({
      sandbox: { items: PAGES * PAGE },
      environment: { LOG_LEVEL: 'info' },
      // The provider holds answers back for as long as a test wants.
      deadlines: LONG_DEADLINES,
    });
    sandbox = new SandboxControl(patchbay.sandbox);
    browser = patchbay.newBrowser();
    caller = asCaller(patchbay.url, browser);
    await browser.connect('hubspot', OWNER);
    const paged = await loadAll(browser, 'hubspot', { ...CONTACTS, page_size: 1000 });
    contacts = paged.map(({ type, id }) => `${type} ${id}`);
    await sandbox.reset();
  });
  afterEach(async () => {
    for (const reader of opened) reader.hangUp();
    await sandbox.clearFaults();
    await eventually(openStreams, (count) => count === 0);
    opened = [];
    await sandbox.reset();
  });
  afterAll(() => patchbay.close());

  const open = async (
    body: Record<string, unknown> = CONTACTS,
    accept: string | null = NDJSON,
  ): Promise<StreamReader> => {
    const reader = await StreamReader.open(caller, { integration: 'hubspot', body, accept });
    opened.push(reader);
    return reader;
  };
  const calls = async (what = LISTED): Promise<number> => (await sandbox.stats('hubspot')).requests[what] ?? 0;
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${patchbay.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? 0);
  };
  const openStreams = (): Promise<number> => metric('patchbay_open_streams');
  /** Answers so many pages, and holds back the next until `clearFaults`. What counts contacts is none of them. */
  const holdBackAfter = async (pages: number): Promise<void> => {
    const slow = { provider: 'hubspot', endpoint: '/crm', mode: 'slow' } as const;
    await sandbox.fault({ ...slow, endpoint: `${CONTACTS_PATH}/search`, delay_ms: 0 });
    if (pages > 0) await sandbox.fault({ ...slow, delay_ms: 0, times: pages });
    await sandbox.fault({ ...slow, delay_ms: HELD_MS });
  };
  const logged = (reader: StreamReader): Record<string, unknown> | undefined =>
    patchbay.log
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ msg, request_id }) => msg === 'request' && request_id === reader.headers['x-request-id']);

  it('has its first items out while the second page is still held back', async () => {
    await holdBackAfter(1);
    const reader = await open();
    await reader.reads(PAGE);
    await eventually(calls, (count) => count === 2);
    expect(reader.count).toBe(PAGE);
    await sandbox.clearFaults();
    expect(await reader.ends()).toMatchObject({ loaded: contacts.length, complete: true, failures: [] });
  });

  it('has every item that pages have, in their order', async () => {
    const reader = await open();
    expect(await reader.ends()).toMatchObject({ loaded: contacts.length, complete: true, failures: [] });
    expect([reader.items, reader.wasCut]).toEqual([contacts, false]);
  });

  it('is not loaded any further, not even by the page after the next, when its reader hangs up', async () => {
    await holdBackAfter(5);
    const reader = await open();
    await reader.reads(5 * PAGE);
    await eventually(calls, (count) => count === 6);
    reader.hangUp();
    await eventually(openStreams, (count) => count === 0);
    await sandbox.clearFaults();
    // A whole stream later, nothing was asked for but its own pages.
    const other = await open();
    await other.ends();
    expect((await calls()) - 6).toBe(Math.ceil(contacts.length / PAGE));
    expect(
      await eventually(
        () => logged(reader),
        (line) => line !== undefined,
      ),
    ).toMatchObject({ status: 200 });
  });

  it.each<[string | null, 'page' | 'stream']>([
    [null, 'page'],
    ['*/*', 'page'],
    ['application/json', 'page'],
    ['application/*', 'page'],
    ['text/html', 'page'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'page'],
    ['application/x-ndjson', 'stream'],
    ['APPLICATION/X-NDJSON', 'stream'],
    ['application/x-ndjson, */*;q=0.1', 'stream'],
    ['application/json;q=0.5, application/x-ndjson', 'stream'],
    ['application/json;q=0.5, application/x-ndjson;q=0.4', 'page'],
    ['application/json, application/x-ndjson', 'page'],
    ['application/x-ndjson;q=0', 'page'],
  ])('answers Accept %s with a %s', async (accept, kind) => {
    const { status, headers } = await open({ ...CONTACTS, page_size: 1 }, accept);
    const type = kind === 'stream' ? NDJSON : 'application/json';
    expect([status, headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    expect(headers.vary?.split(/, */)).toContain('Accept');
  });

  it('has the headers of whatever is nobody else’s business, and a line in the log when it is over', async () => {
    await holdBackAfter(1);
    const reader = await open();
    expect(reader.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
      'x-request-id': expect.stringMatching(/./),
    });
    expect(reader.headers['content-length']).toBeUndefined();
    expect(logged(reader)).toBeUndefined();
    const openForMs = performance.now() - reader.openedAt;
    await sandbox.clearFaults();
    await reader.ends();
    const line = await eventually(
      () => logged(reader),
      (found) => found !== undefined,
    );
    expect(line).toMatchObject({ method: 'POST', route: PATH, status: 200 });
    expect(Number(line?.['responseTime'])).toBeGreaterThanOrEqual(Math.floor(openForMs));
  });

  it('is counted: its items by their integration, and itself while it is open', async () => {
    const name = 'patchbay_streamed_items_total\\{integration="hubspot"\\}';
    const before = await metric(name);
    await holdBackAfter(1);
    const reader = await open();
    expect(await openStreams()).toBe(1);
    await sandbox.clearFaults();
    await reader.ends();
    expect([await eventually(openStreams, (count) => count === 0), (await metric(name)) - before]).toEqual([
      0,
      contacts.length,
    ]);
  });

  it('says with a status what goes wrong before the first line', async () => {
    const unconnected = await open({ ...CONTACTS, user_id: 'somebody-else' });
    const twoStarts = await open({ ...CONTACTS, checkpoint: 'x', cursor: 'y' });
    const forged = await open({ ...CONTACTS, checkpoint: 'forged' });
    await Promise.all(opened.map(({ closed }) => closed));
    expect([unconnected, twoStarts, forged].map(({ status, error }) => [status, error])).toEqual([
      [404, 'connection_not_found'],
      [400, 'invalid_request'],
      [422, 'cursor_invalid'],
    ]);
  });

  it('is whole beside another one and a load of pages of the same connection', async () => {
    const [one, other, paged] = await Promise.all([open(), open(), loadAll(browser, 'hubspot', CONTACTS)]);
    const ends = await Promise.all([one.ends(), other.ends()]);
    expect(ends.map(({ complete }) => complete)).toEqual([true, true]);
    expect([one.items, other.items, paged.map(({ type, id }) => `${type} ${id}`)]).toEqual([
      contacts,
      contacts,
      contacts,
    ]);
  });

  it('is refused beside 16 of one connection, and beside 100 in all, until there is room', async () => {
    const users = Array.from({ length: 7 }, (_, index) => ({ ...OWNER, user_id: `user-${index}` }));
    for (const user of users) await browser.connect('hubspot', user);
    await holdBackAfter(0);
    const opening = (user: number) => open({ ...CONTACTS, ...users[user] });
    const expectRefused = async (user: number): Promise<void> => {
      const refused = await opening(user);
      await refused.closed;
      const { status, error, headers } = refused;
      expect([status, error, headers['retry-after']]).toEqual([503, 'service_unavailable', '5']);
    };
    const fill = async (from: number, to: number): Promise<void> => {
      const numbers = Array.from({ length: to - from }, (_, index) => from + index);
      await Promise.all(numbers.map((number) => opening(Math.floor(number / MAX_OF_ONE))));
      await eventually(openStreams, (count) => count === to);
    };
    await fill(0, MAX_OF_ONE);
    await expectRefused(0);
    await fill(MAX_OF_ONE, MAX_STREAMS);
    await expectRefused(6);
    // What isn't a stream is served.
    expect((await browser.get(`/connections?${new URLSearchParams(OWNER).toString()}`)).status).toBe(200);
    opened[0]?.hangUp();
    await eventually(openStreams, (count) => count === MAX_STREAMS - 1);
    expect((await opening(6)).status).toBe(200);
  });
});
