import { afterEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/errors/secret.ts';
import { hubspotDescriptor } from '../../src/integrations/hubspot/hubspot.descriptor.ts';
import { HubspotItemSource } from '../../src/integrations/hubspot/hubspot.item-source.ts';
import { ProviderApi } from '../../src/integrations/provider-api.ts';
import type { IntegrationItem } from '../../src/items/integration-item.ts';
import { OutboundClient } from '../../src/outbound/outbound-client.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';
import { closeSandboxes, connect, openSandbox, readStats } from './connect.ts';

let outbound: OutboundClient | undefined;

afterEach(async () => {
  await outbound?.close();
  await closeSandboxes();
});

interface Scene {
  readonly sandbox: Sandbox;
  readonly load: (itemType: string, modifiedSince?: Date) => Promise<IntegrationItem[]>;
}

async function open(options: SandboxOptions): Promise<Scene> {
  const sandbox = await openSandbox(options);
  const { access_token } = await connect(sandbox, 'hubspot');
  outbound = new OutboundClient();
  const api = new ProviderApi(hubspotDescriptor, `${sandbox.url}/hubspot`, outbound, {
    current: () => new Secret(access_token),
    replace: () => Promise.reject(new Error('No token was refused.')),
  });
  return {
    sandbox,
    load: async (itemType, modifiedSince) => {
      const items: IntegrationItem[] = [];
      let position: string | undefined;
      do {
        // Each page by another source, as when another process goes on with the cursor.
        const page = await new HubspotItemSource(api).page({
          itemType,
          limit: 1000,
          ...(position === undefined ? {} : { position }),
          ...(modifiedSince === undefined ? {} : { modifiedSince }),
        });
        items.push(...page.items);
        position = page.next;
      } while (position !== undefined);
      return items;
    },
  };
}

const RECORD_TYPES = hubspotDescriptor.itemTypes.filter((type) => type !== 'owner');
const idsIn = (items: readonly IntegrationItem[]): string[] => items.map(({ id }) => id).sort();
const changedAt = ({ last_modified_time }: IntegrationItem): number => Date.parse(last_modified_time ?? '');
const isDeleted = ({ delta }: IntegrationItem): boolean => delta === 'deleted';

describe('A load of HubSpot’s items', () => {
  it.each(RECORD_TYPES)('since a time is what a whole one has of it and later, of type %s', async (itemType) => {
    const { load } = await open({ items: 430 });
    const whole = await load(itemType);
    expect(whole).toHaveLength(420);
    const since = new Date(changedAt(whole[200]!));
    const increment = await load(itemType, since);
    const expected = whole.filter((item) => changedAt(item) >= since.getTime());
    expect(increment.filter((item) => !isDeleted(item))).toEqual(expected);
    expect(increment.filter(isDeleted).every((item) => changedAt(item) >= since.getTime() && !item.visibility)).toBe(
      true,
    );
  });

  // A bulk edit, or HubSpot's own at the end of a month, leaves more at one time than a search ever gives.
  it('since a time brings more than 10,000 that changed at the very same time, each once', async () => {
    const { load, sandbox } = await open({ items: 12_000, hubspot: { editedAtOnce: 11_500 } });
    const items = await load('company', new Date('2026-10-01T00:05:00Z'));
    const changed = items.filter((item) => !isDeleted(item));
    const bulk = changed.filter((item) => item.last_modified_time === '2026-10-01T00:05:00.000Z');
    expect(bulk).toHaveLength(11_220);
    expect(new Set(idsIn(items)).size).toBe(items.length);
    expect(idsIn(changed)).toEqual(
      idsIn((await load('company')).filter((item) => changedAt(item) >= Date.parse('2026-10-01T00:05:00Z'))),
    );
    expect(items.filter(isDeleted).length).toBeGreaterThan(250);
    const { requests } = (await readStats(sandbox)).hubspot;
    // A search a page, which says how many there are as well.
    const searches = requests['POST /crm/v3/objects/companies/search'] ?? 0;
    expect(searches).toBe(Math.ceil(changed.length / 100));
  });

  it('places each item below one that a load brings too', async () => {
    const { load } = await open({ items: 60 });
    const all = (await Promise.all(RECORD_TYPES.map((type) => load(type)))).flat();
    const byId = new Map(all.map((item) => [item.id, item]));
    const placed = all.filter((item) => item.parent_id !== null);
    expect(placed.filter((item) => byId.get(item.parent_id ?? '')?.directory !== true)).toEqual([]);
    const parents = new Set(placed.map((item) => `${item.type} in ${item.parent_id?.split('/')[0] ?? ''}`));
    expect([...parents].sort()).toEqual([
      ...['companies', 'contacts', 'deals', 'tickets'].map((plural) => `call in ${plural}`),
      'contact in companies',
      'deal in companies',
      ...['meeting', 'note', 'task'].flatMap((type) =>
        ['companies', 'contacts', 'deals', 'tickets'].map((plural) => `${type} in ${plural}`),
      ),
      'ticket in companies',
    ]);
    const children = all.filter(({ type }) => type === 'company').flatMap((company) => company.children ?? []);
    expect(children.length).toBeGreaterThan(40);
    expect(children.filter((id) => byId.get(id)?.type !== 'contact')).toEqual([]);
  });

  it('names owners of today and those who left', async () => {
    const { load } = await open({ items: 430 });
    const owners = await load('owner');
    expect(owners).toHaveLength(250);
    expect(owners.filter(({ visibility }) => !visibility)).toHaveLength(19);
  });
});
