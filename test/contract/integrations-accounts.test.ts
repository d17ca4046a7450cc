import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registry } from '../../src/integrations/registry.ts';
import { loadWhole, streamWhole, type Item } from '../support/load-all.ts';
import {
  LONG_DEADLINES,
  OWNER,
  startPatchbay,
  type PatchbayOptions,
  type RunningPatchbay,
} from '../support/patchbay.ts';
import { askingForAll, NEEDED_SCOPES } from './item-scopes.ts';

interface Failure {
  readonly item_type: string;
  readonly error: string;
  readonly message: string;
}

const SANDBOX = { items: 20, airtable: { bases: 2, tablesPerBase: 2, recordsPerTable: 7 } };

const running: RunningPatchbay[] = [];
let shared: RunningPatchbay;
let count = 0;

async function start(sandbox: PatchbayOptions['sandbox']): Promise<RunningPatchbay> {
  const patchbay = await startPatchbay({ sandbox: { ...SANDBOX, ...sandbox }, deadlines: LONG_DEADLINES });
  running.push(patchbay);
  return patchbay;
}

beforeAll(async () => {
  shared = await start({});
});
afterAll(() => Promise.all(running.map((patchbay) => patchbay.close())));

describe('An account without items', () => {
  let patchbay: RunningPatchbay;
  beforeAll(async () => {
    patchbay = await start({ items: 0, airtable: {} });
  });

  it.each(registry.map(({ descriptor }) => descriptor))(
    'is loaded whole at $name, whatever the type, today and from its checkpoint on',
    async (descriptor) => {
      const { name } = descriptor;
      // A Notion workspace has at least one user: the connection's own bot.
      const itemTypes = descriptor.itemTypes.filter((itemType) => `${name} ${itemType}` !== 'notion user');
      const browser = patchbay.newBrowser();
      await browser.connect(name, { ...OWNER, ...askingForAll(descriptor) });
      const query = { ...OWNER, item_types: itemTypes };
      const { json } = await browser.post(`/integrations/${name}/load`, query);
      expect(json).toMatchObject({ items: [], next_cursor: null, complete: true, stale: false, failures: [] });
      const { checkpoint } = await streamWhole(browser, name, query);
      expect((await loadWhole(browser, name, { ...query, checkpoint })).items).toEqual([]);
    },
  );
});

/** Every type in one load, of a grant that may be too small for some. */
async function loadOf(
  name: string,
  itemTypes: readonly string[],
  scopes: object,
  sandbox?: NonNullable<PatchbayOptions['sandbox']>,
) {
  // A Slack app's scopes add up in a workspace, so that each grant needs a sandbox of its own.
  const isOwn = name === 'slack' || sandbox !== undefined;
  const browser = (isOwn ? await start(sandbox) : shared).newBrowser();
  const owner = { ...OWNER, user_id: `user-${(count += 1)}` };
  await browser.connect(name, { ...owner, ...scopes });
  return browser.post(`/integrations/${name}/load`, { ...owner, item_types: itemTypes, page_size: 1000 });
}

describe('An item type whose scope was not granted', () => {
  const cases = registry.flatMap(({ descriptor }) => {
    const needed = Object.entries(NEEDED_SCOPES[descriptor.name] ?? {});
    const scopes = [...new Set(needed.flatMap(([, some]) => some))];
    return scopes.map((missing) => ({
      name: descriptor.name,
      missing,
      descriptor,
      lacking: needed.filter(([, some]) => some.includes(missing)).map(([itemType]) => itemType),
    }));
  });

  it.each(cases)('fails by itself, and says so: $name without $missing', async ({ descriptor, missing, lacking }) => {
    const { name, itemTypes } = descriptor;
    const scopes = askingForAll(descriptor).scopes?.filter((scope) => scope !== missing);
    const { status, json } = await loadOf(name, itemTypes, { scopes });
    if (lacking.length === itemTypes.length) {
      expect([status, json['error']]).toEqual([502, 'provider_error']);
      expect(json['message']).toMatch(/scope|permission/i);
      return;
    }
    expect([status, json['complete']]).toEqual([200, false]);
    const failures = json['failures'] as Failure[];
    expect(new Set(failures.map(({ item_type }) => item_type))).toEqual(new Set(lacking));
    for (const { error, message } of failures)
      expect([error, message]).toEqual(['provider_error', expect.stringMatching(/scope|permission/i)]);
    // Of Slack's messages those in private channels are there all the same: they have a scope of their own.
    const types = new Set((json['items'] as Item[]).map(({ type }) => type));
    expect([...types]).toEqual(expect.arrayContaining(itemTypes.filter((itemType) => !lacking.includes(itemType))));
  });

  it.each([
    ['comment', 'read_comments'],
    ['user', 'read_users'],
  ] as const)(
    'fails by itself as well where it is a capability of Notion’s: %s without %s',
    async (lacking, missing) => {
      const notion = { missingCapabilities: [missing] };
      const { status, json } = await loadOf('notion', ['page', 'user', 'comment'], {}, { notion });
      expect([status, json['complete']]).toEqual([200, false]);
      const message = expect.stringContaining('restricted_resource');
      expect(json['failures']).toEqual([{ item_type: lacking, error: 'provider_error', message }]);
    },
  );

  it('is none of those that are asked for by default, Airtable’s comments apart', () => {
    const beyond = registry.flatMap(({ descriptor: { name, defaultScopes } }) =>
      Object.entries(NEEDED_SCOPES[name] ?? {})
        .filter(([, scopes]) => scopes.some((scope) => !defaultScopes.includes(scope)))
        .map(([itemType]) => `${name} ${itemType}`),
    );
    expect(beyond).toEqual(['airtable comment']);
  });
});
