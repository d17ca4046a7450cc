import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { airtableId, cursor, slackId, uuid } from '../../sandbox/core/identifiers.ts';
import { HubspotData } from '../../sandbox/hubspot/data.ts';
import { OBJECT_TYPES } from '../../sandbox/hubspot/object-types.ts';
import { makeCursor } from '../../sandbox/slack/cursors.ts';
import { SlackData } from '../../sandbox/slack/data.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { closeSandboxes, connect, get, openSandbox, post, refreshWith, type Answer } from './connect.ts';

afterEach(closeSandboxes);

const MILLION = 1_000_000;
const VERSION = { 'notion-version': '2026-03-11' };

/** One listing of each provider, without the members that are new with every request. */
async function listings(sandbox: Sandbox, account = 0): Promise<unknown[]> {
  const token = async (name: 'airtable' | 'notion' | 'hubspot' | 'slack') =>
    (await connect(sandbox, name, account)).access_token;
  const authorization = `Bearer ${await token('notion')}`;
  const answers: Answer[] = [
    await get(`${sandbox.url}/airtable/v0/meta/bases`, await token('airtable')),
    await post(`${sandbox.url}/notion/v1/search`, '{}', { authorization, ...VERSION }),
    await get(`${sandbox.url}/hubspot/crm/v3/objects/deals?limit=100`, await token('hubspot')),
    await get(`${sandbox.url}/slack/api/conversations.list?limit=100`, await token('slack')),
  ];
  const fresh = ['request_id', 'paging'];
  return answers.map(({ body }) => Object.fromEntries(Object.entries(body).filter(([name]) => !fresh.includes(name))));
}

/** The ids of what is listed, whatever the provider calls the list. */
function idsIn(listing: unknown): string[] {
  const items = Object.values(listing as Record<string, unknown>).find((member) => Array.isArray(member));
  return (items as { id: string }[]).map(({ id }) => id);
}

describe('the sandbox’s data', () => {
  it('is the same for the same seed, and another for another seed or account', async () => {
    const first = await listings(await openSandbox({ seed: 'a' }));
    const sandbox = await openSandbox({ seed: 'a' });
    expect(await listings(sandbox)).toEqual(first);
    const others = [await listings(await openSandbox({ seed: 'b' })), await listings(sandbox, 1)];
    for (const other of others) {
      for (const [index, listing] of other.entries()) {
        const known = new Set(idsIn(first[index]));
        expect(idsIn(listing)).toHaveLength(known.size);
        expect(idsIn(listing).filter((id) => known.has(id))).toEqual([]);
      }
    }
  });

  it('repeats its tokens too, when seeded to', async () => {
    const tokens = async () => await connect(await openSandbox({ tokenSeed: 'x' }), 'airtable');
    expect(await tokens()).toEqual(await tokens());
    expect((await connect(await openSandbox(), 'airtable')).access_token).not.toBe((await tokens()).access_token);
  });

  it.each([0, 1, 41, 999_999, 2 ** 23])(
    'leads from a generated id back to index %d, in its own scope only',
    (index) => {
      const readers = [
        [airtableId.make('app', 's', index), (scope: string, id: string) => airtableId.index('app', scope, id)],
        [slackId.make('C', 's', index), (scope: string, id: string) => slackId.index('CG', scope, id)],
        [uuid.make('s', index), (scope: string, id: string) => uuid.index(scope, id)],
        [cursor.make('s', index), (scope: string, id: string) => cursor.position(scope, id)],
      ] as const;
      for (const [id, read] of readers) {
        expect(read('s', id)).toBe(index);
        expect(read('other', id)).toBeNull();
        expect(read('s', `${id.slice(0, -1)}${id.endsWith('a') ? 'b' : 'a'}`)).not.toBe(index);
      }
    },
  );

  it('looks like version 4 where it is a UUID, and is read without dashes too', () => {
    const id = uuid.make('s', 7);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuid.index('s', id.replaceAll('-', ''))).toBe(7);
  });

  it('gives the last page of a million items straight from its cursor', async () => {
    const sandbox = await openSandbox({ items: MILLION, seed: 'big' });
    const contacts = new HubspotData('big', 0, MILLION);
    const after = contacts.id(OBJECT_TYPES[0]!, MILLION - 50);
    const hubspot = await connect(sandbox, 'hubspot');
    const url = `${sandbox.url}/hubspot/crm/v3/objects/contacts?limit=100&after=${after}`;
    const last = await get(url, hubspot.access_token);
    expect(last.body).not.toHaveProperty('paging');
    expect((last.body['results'] as { id: string }[])[0]?.id).toBe(after);

    const users = new SlackData('big', 0, MILLION);
    const slack = await connect(sandbox, 'slack');
    const from = encodeURIComponent(makeCursor('user', users.userId(MILLION - 5)));
    const tail = await get(`${sandbox.url}/slack/api/users.list?limit=200&cursor=${from}`, slack.access_token);
    expect(tail.body).toMatchObject({ response_metadata: { next_cursor: '' } });
    expect(tail.body['members']).toHaveLength(5);
  });

  it('serves pages anywhere in a million items without keeping any', async () => {
    const sandbox = await openSandbox({ items: MILLION });
    const { access_token: token } = await connect(sandbox, 'airtable');
    let offset = '';
    let count = 0;
    for (let page = 0; page < 20; page++) {
      const { body } = await get(`${sandbox.url}/airtable/v0/meta/bases${offset}`, token);
      count += (body['bases'] as unknown[]).length;
      offset = `?offset=${String(body['offset'])}`;
    }
    expect(count).toBe(20_000);
  });
});

describe('the sandbox’s grants', () => {
  it('survive a restart in their file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const dataFile = join(directory, 'sandbox.sqlite');
    try {
      const before = await openSandbox({ dataFile });
      const tokens = await connect(before, 'airtable');
      await before.close();
      const after = await openSandbox({ dataFile });
      expect((await get(`${after.url}/airtable/v0/meta/whoami`, tokens.access_token)).status).toBe(200);
      expect((await refreshWith(after, 'airtable', tokens.refresh_token)).status).toBe(200);
      await closeSandboxes();
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('end with the sandbox when there is no file', async () => {
    const tokens = await connect(await openSandbox(), 'notion');
    const other = await openSandbox();
    const answer = await get(`${other.url}/notion/v1/users/me`, tokens.access_token, VERSION);
    expect(answer.status).toBe(401);
  });
});

describe('the sandbox as a program', () => {
  const MAIN = new URL('../../sandbox/main.ts', import.meta.url).pathname;

  it('says where it listens, serves, and ends with 0 at SIGTERM', async () => {
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], SANDBOX_PORT: '0', SANDBOX_ITEMS: '7' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const url = /^Sandbox listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line)?.[1];
    expect((await fetch(`${url ?? ''}/_control/stats`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(errors.join('')).toBe('');
  });

  it('refuses to start on a value that is no use, in one line', async () => {
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], SANDBOX_PORT: '0', SANDBOX_RATE_LIMITS: 'perhaps' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [text] = (await once(child.stderr.setEncoding('utf8'), 'data')) as [string];
    expect(text).toBe('The sandbox could not start: SANDBOX_RATE_LIMITS must be on or off.\n');
    expect((await once(child, 'exit'))[0]).toBe(1);
  });
});
