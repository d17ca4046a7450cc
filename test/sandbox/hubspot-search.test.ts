import { afterEach, describe, expect, it } from '@jest/globals';
import { Client } from '@hubspot/api-client';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/contacts/models/Filter.js';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import { closeSandboxes, connect, fakeClock, openSandbox, post, readStats, type Answer } from './connect.ts';

afterEach(closeSandboxes);

interface Scene {
  readonly hubspot: Client;
  /** What the SDK wouldn't send. */
  readonly search: (body: unknown) => Promise<Answer>;
  readonly stats: () => ReturnType<typeof readStats>;
}

async function open(options: SandboxOptions = {}): Promise<Scene> {
  const sandbox = await openSandbox({ items: 250, ...options });
  const { access_token } = await connect(sandbox, 'hubspot');
  const authorization = `Bearer ${access_token}`;
  return {
    hubspot: new Client({ accessToken: access_token, basePath: `${sandbox.url}/hubspot`, numberOfApiCallRetries: 0 }),
    search: (body) =>
      post(`${sandbox.url}/hubspot/crm/v3/objects/contacts/search`, JSON.stringify(body), { authorization }),
    stats: () => readStats(sandbox),
  };
}

const EVERYTHING = { filterGroups: [], sorts: [], properties: [], limit: 200, after: '0' };

const where = (propertyName: string, operator: FilterOperatorEnum, more: Record<string, unknown>) => ({
  ...EVERYTHING,
  filterGroups: [{ filters: [{ propertyName, operator, ...more }] }],
});

describe('HubSpot’s search in the sandbox, through the official SDK', () => {
  it('finds all that isn’t in the bin, 200 at a time, with the total', async () => {
    const { hubspot } = await open();
    const first = await hubspot.crm.contacts.searchApi.doSearch(EVERYTHING);
    expect(first).toMatchObject({ total: 244, paging: { next: { after: '200' } } });
    const last = await hubspot.crm.contacts.searchApi.doSearch({ ...EVERYTHING, after: '200' });
    expect(last.paging).toBeUndefined();
    const found = [...first.results, ...last.results].map(({ id }) => id);
    expect(found).toEqual((await hubspot.crm.contacts.getAll()).map(({ id }) => id));
  });

  it('finds what changed since a time, in the order of it', async () => {
    const { hubspot } = await open();
    const all = await hubspot.crm.deals.getAll();
    const times = all.map(({ updatedAt }) => updatedAt.getTime()).sort((one, other) => one - other);
    const since = times[100]!;
    const found = await hubspot.crm.deals.searchApi.doSearch({
      ...where('hs_lastmodifieddate', FilterOperatorEnum.Gte, { value: String(since) }),
      sorts: ['hs_lastmodifieddate'],
    });
    expect(found.total).toBe(144);
    expect(found.results.map(({ updatedAt }) => updatedAt.getTime())).toEqual(times.slice(100));
    const backwards = await hubspot.crm.deals.searchApi.doSearch({ ...EVERYTHING, sorts: ['-hs_lastmodifieddate'] });
    expect(backwards.results[0]?.updatedAt.getTime()).toBe(times.at(-1));
  });

  it('gives no order to what changed at the very same time, but by id when it is asked to', async () => {
    const { search } = await open({ hubspot: { editedAtOnce: 250 } });
    const [byTime, byId] = await Promise.all(
      ['lastmodifieddate', 'hs_object_id'].map(async (propertyName) => {
        const { body } = await search({ limit: 200, sorts: [{ propertyName, direction: 'ASCENDING' }] });
        return (body['results'] as { id: string }[]).map(({ id }) => Number(id));
      }),
    );
    const ascending = (ids: number[]) => [...ids].sort((one, other) => one - other);
    expect(byId).toEqual(ascending(byId!));
    expect(byTime).not.toEqual(ascending(byTime!));
  });

  it('compares as each operator says', async () => {
    const { hubspot } = await open();
    const { Eq, Neq, Lt, In, NotIn, HasProperty, NotHasProperty, Between, ContainsToken } = FilterOperatorEnum;
    const total = async (property: string, operator: FilterOperatorEnum, more: Record<string, unknown> = {}) =>
      (await hubspot.crm.contacts.searchApi.doSearch(where(property, operator, more))).total;
    const [first] = (await hubspot.crm.contacts.basicApi.getPage(1)).results;
    const { id } = first!;
    const upTo = (more: number) => String(Number(id) + more);
    expect(await total('hs_object_id', Eq, { value: id })).toBe(1);
    expect(await total('hs_object_id', Lt, { value: upTo(3) })).toBe(3);
    expect(await total('hs_object_id', Between, { value: id, highValue: upTo(9) })).toBe(10);
    expect(await total('email', Eq, { value: 'CONTACT-3@people.example' })).toBe(1);
    expect(await total('email', ContainsToken, { value: 'contact-3' })).toBe(1);
    expect(await total('email', ContainsToken, { value: 'contact-3*' })).toBe(11);
    const parts: [FilterOperatorEnum, FilterOperatorEnum, string, Record<string, unknown>][] = [
      [HasProperty, NotHasProperty, 'email', {}],
      [Eq, Neq, 'lifecyclestage', { value: 'lead' }],
      [In, NotIn, 'lifecyclestage', { values: ['lead', 'customer'] }],
    ];
    for (const [those, others, property, more] of parts) {
      const counts = [await total(property, those, more), await total(property, others, more)];
      expect(Math.min(...counts)).toBeGreaterThan(0);
      expect(counts[0]! + counts[1]!).toBe(244);
    }
  });

  it('takes groups as alternatives, their filters together, and words anywhere', async () => {
    const { search, hubspot } = await open();
    const [first] = (await hubspot.crm.contacts.basicApi.getPage(1)).results;
    const id = (more: number, operator: string) => ({
      propertyName: 'hs_object_id',
      operator,
      value: String(Number(first!.id) + more),
    });
    const both = [{ filters: [id(2, 'GTE'), id(5, 'LT')] }, { filters: [id(50, 'EQ')] }];
    expect((await search({ filterGroups: both })).body['total']).toBe(4);
    expect((await search({ query: 'contact-17@people.example' })).body['total']).toBe(1);
  });

  it('gives the properties asked for, of activities too', async () => {
    const { hubspot } = await open();
    const properties = ['hs_body_preview'];
    const { results } = await hubspot.crm.objects.notes.searchApi.doSearch({ ...EVERYTHING, properties, limit: 20 });
    expect(results.map((note) => note.properties['hs_body_preview']).filter(Boolean).length).toBeGreaterThan(10);
    expect(results[0]).not.toHaveProperty('associations');
  });
});

describe('What HubSpot’s search refuses', () => {
  const filter = { propertyName: 'email', operator: 'HAS_PROPERTY' };
  const groups = (count: number, filters: number) =>
    Array.from({ length: count }, () => ({ filters: Array.from({ length: filters }, () => filter) }));

  it.each([
    ['a page of more than 200', { limit: 201 }],
    ['more than five groups', { filterGroups: groups(6, 1) }],
    ['more than six filters in a group', { filterGroups: groups(1, 7) }],
    ['more than eighteen filters', { filterGroups: groups(4, 5) }],
    ['two sorts', { sorts: ['email', 'firstname'] }],
    ['a property that is none', { sorts: ['shoe_size'] }],
    ['an operator that is none', { filterGroups: [{ filters: [{ ...filter, operator: 'LIKE' }] }] }],
    ['a comparison with nothing', { filterGroups: [{ filters: [{ ...filter, operator: 'GT' }] }] }],
  ])('is %s', async (_what, body) => {
    const { search } = await open({ items: 5 });
    expect(await search(body)).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
  });

  it('is to go past the 10,000th result, of however many there are', async () => {
    const { search } = await open({ items: 12_000 });
    const last = await search({ after: '9800', limit: 200 });
    expect(last.body).toMatchObject({ total: 11_708, paging: { next: { after: '10000' } } });
    expect(await search({ after: '10000', limit: 1 })).toMatchObject({ status: 400 });
    expect(await search({ after: '9900', limit: 101 })).toMatchObject({ status: 400 });
  });

  it('is the sixth in one second, apart from all other calls and without a word in headers', async () => {
    const clock = fakeClock();
    const { search, hubspot, stats } = await open({ rateLimits: true, clock: clock.now });
    for (let call = 0; call < 5; call++) expect((await search({})).status).toBe(200);
    expect(await search({})).toMatchObject({ status: 429, body: { policyName: 'SECONDLY' } });
    const listed = await hubspot.crm.contacts.basicApi.getPageWithHttpInfo(1);
    expect(listed.headers['x-hubspot-ratelimit-remaining']).toBe('109');
    clock.advance(1);
    const response = await hubspot.crm.contacts.searchApi.doSearchWithHttpInfo({ ...EVERYTHING, limit: 1 });
    expect(Object.keys(response.headers).filter((name) => name.includes('ratelimit'))).toEqual([]);
    expect((await stats()).hubspot.rate_limit_breaches).toBe(1);
  });
});
