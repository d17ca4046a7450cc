import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../errors/secret.ts';
import { inTurn, json, startProviderStub, type ProviderStub } from '../../outbound/fixtures/provider-stub.ts';
import { OutboundClient } from '../../outbound/outbound-client.ts';
import { ProviderApi } from '../provider-api.ts';
import { listed, record } from './fixtures/hubspot-answers.ts';
import { hubspotDescriptor } from './hubspot.descriptor.ts';
import { HubspotItemSource } from './hubspot.item-source.ts';

let hubspot: ProviderStub;
let outbound: OutboundClient;
let source: HubspotItemSource;

beforeEach(async () => {
  hubspot = await startProviderStub();
  outbound = new OutboundClient();
  const api = new ProviderApi(hubspotDescriptor, hubspot.url, outbound, {
    current: () => new Secret('token-1'),
    replace: () => Promise.reject(new Error('No token was refused.')),
  });
  source = new HubspotItemSource(api);
});

afterEach(async () => {
  await outbound.close();
  await hubspot.close();
});

describe('HubSpot’s records', () => {
  it.each([
    ['contact', '/crm/v3/objects/contacts', 'firstname,lastname,email,createdate,lastmodifieddate'],
    ['company', '/crm/v3/objects/companies', 'name,domain,createdate,hs_lastmodifieddate'],
    ['deal', '/crm/v3/objects/deals', 'dealname,createdate,hs_lastmodifieddate'],
    ['ticket', '/crm/v3/objects/tickets', 'subject,createdate,hs_lastmodifieddate'],
  ])('of type %s are listed at %s with the properties that are read', async (itemType, path, properties) => {
    hubspot.answer = json(listed([record()]));
    const page = await source.page({ itemType, limit: 1000 });
    expect(page.items.map(({ type }) => type)).toEqual([itemType]);
    const { method, url, headers } = hubspot.requests[0]!;
    expect(`${method} ${url.pathname}`).toBe(`GET ${path}`);
    expect(Object.fromEntries(url.searchParams)).toEqual({ limit: '100', properties });
    expect(headers.authorization).toBe('Bearer token-1');
  });

  it('are followed to the last page', async () => {
    hubspot.answer = inTurn(json(listed([record({ id: '1' })], '2')), json(listed([record({ id: '2' }), {}, null])));
    const first = await source.page({ itemType: 'deal', limit: 1 });
    const second = await source.page({ itemType: 'deal', limit: 1, position: first.next! });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['deals/1', 'deals/2']);
    expect(second.next).toBeUndefined();
    expect(hubspot.requests.map(({ url }) => url.searchParams.get('after'))).toEqual([null, '2']);
    expect(hubspot.requests[0]?.url.searchParams.get('limit')).toBe('1');
  });

  it('come in the largest pages when only those that changed are wanted', async () => {
    hubspot.answer = json(listed([]));
    await source.page({ itemType: 'deal', limit: 5, modifiedSince: new Date(0) });
    expect(hubspot.requests[0]?.url.searchParams.get('limit')).toBe('100');
  });

  it.each([[{}], [{ results: 'none', paging: 'more' }], [{ results: [], paging: { next: { after: 7 } } }]])(
    'are none, and no more, in %j',
    async (body) => {
      hubspot.answer = json(body);
      expect(await source.page({ itemType: 'deal', limit: 5 })).toEqual({ items: [] });
    },
  );

  it('fail by the reason HubSpot gives, without its words', async () => {
    hubspot.answer = json({ category: 'MISSING_SCOPES', message: 'hub 12345 lacks <b>' }, 403);
    await expect(source.page({ itemType: 'deal', limit: 5 })).rejects.toMatchObject({
      code: 'provider_error',
      message: 'HubSpot refused the call (MISSING_SCOPES).',
    });
  });
});
