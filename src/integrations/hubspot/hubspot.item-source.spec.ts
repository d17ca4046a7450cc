import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PositionExpired } from '../../items/item-source.ts';
import { inTurn, json } from '../../outbound/fixtures/provider-stub.ts';
import { listed, listedWith, owner, record, searched } from './fixtures/hubspot-answers.ts';
import { startHubspot, type HubspotScene } from './fixtures/hubspot-scene.ts';

let hubspot: HubspotScene;

beforeEach(async () => {
  hubspot = await startHubspot();
});

afterEach(() => hubspot.close());

describe('HubSpot’s records', () => {
  it.each([
    ['contact', 'contacts', 'firstname,lastname,email,createdate,lastmodifieddate', 'companies'],
    ['company', 'companies', 'name,domain,createdate,hs_lastmodifieddate', 'contacts'],
    ['deal', 'deals', 'dealname,createdate,hs_lastmodifieddate', 'companies'],
    ['ticket', 'tickets', 'subject,createdate,hs_lastmodifieddate', 'companies'],
    ['note', 'notes', 'hs_body_preview,hs_createdate,hs_lastmodifieddate', 'contacts,companies,deals,tickets'],
    [
      'task',
      'tasks',
      'hs_task_subject,hs_body_preview,hs_createdate,hs_lastmodifieddate',
      'contacts,companies,deals,tickets',
    ],
    [
      'meeting',
      'meetings',
      'hs_meeting_title,hs_body_preview,hs_createdate,hs_lastmodifieddate',
      'contacts,companies,deals,tickets',
    ],
    [
      'call',
      'calls',
      'hs_call_title,hs_body_preview,hs_createdate,hs_lastmodifieddate',
      'contacts,companies,deals,tickets',
    ],
  ])('of type %s are listed as %s with the properties that are read', async (itemType, plural, properties, related) => {
    hubspot.stub.answer = json(listed([record()]));
    const page = await hubspot.source.page({ itemType, limit: 1000 });
    expect(page.items.map(({ id, type }) => [id, type])).toEqual([[`${plural}/101`, itemType]]);
    const { method, url, headers } = hubspot.stub.requests[0]!;
    expect(`${method} ${url.pathname}`).toBe(`GET /crm/v3/objects/${plural}`);
    expect(Object.fromEntries(url.searchParams)).toEqual({ limit: '100', properties, associations: related });
    expect(headers.authorization).toBe('Bearer token-1');
  });

  it('are followed to the last page', async () => {
    const pages = [listed([record({ id: '1' })], '2'), listed([record({ id: '2' }), {}, null])];
    hubspot.stub.answer = inTurn(...pages.map((page) => json(page)));
    const [first, second] = await hubspot.pages({ itemType: 'deal', limit: 1 });
    expect([...first!.items, ...second!.items].map(({ id }) => id)).toEqual(['deals/1', 'deals/2']);
    expect(hubspot.stub.requests.map(({ url }) => url.searchParams.get('after'))).toEqual([null, '2']);
    expect(hubspot.stub.requests[0]?.url.searchParams.get('limit')).toBe('1');
  });

  it('come with what they are associated with', async () => {
    hubspot.stub.answer = json(listed([record(listedWith('companies', ['9', 'contact_to_company']))]));
    const page = await hubspot.source.page({ itemType: 'contact', limit: 5 });
    expect(page.items[0]?.parent_id).toBe('companies/9');
  });

  it.each([[{}], [{ results: 'none', paging: 'more' }], [{ results: [], paging: { next: { after: 7 } } }]])(
    'are none, and no more, in %j',
    async (body) => {
      hubspot.stub.answer = json(body);
      expect(await hubspot.source.page({ itemType: 'deal', limit: 5 })).toEqual({ items: [] });
    },
  );

  it('fail by the reason HubSpot gives, without its words', async () => {
    hubspot.stub.answer = json({ category: 'MISSING_SCOPES', message: 'hub 12345 lacks <b>' }, 403);
    await expect(hubspot.source.page({ itemType: 'deal', limit: 5 })).rejects.toMatchObject({
      code: 'provider_error',
      message: 'HubSpot refused the call (MISSING_SCOPES).',
    });
  });

  it('come alone, without asking twice again, when the grant may not see what they are associated with', async () => {
    hubspot.stub.answer = (response, request) => {
      const may = !request.url.searchParams.has('associations');
      const answer = may ? json(listed([record()], '2')) : json({ category: 'MISSING_SCOPES' }, 403);
      answer(response, request);
    };
    const first = await hubspot.source.page({ itemType: 'note', limit: 5 });
    expect(first.items).toMatchObject([{ id: 'notes/101', parent_id: null }]);
    await hubspot.source.page({ itemType: 'note', limit: 5, position: first.next! });
    expect(hubspot.stub.requests.map(({ url }) => url.searchParams.has('associations'))).toEqual([true, false, false]);
  });

  it('are begun anew when HubSpot doesn’t know a place of its own any more', async () => {
    hubspot.stub.answer = inTurn(json(listed([record()], '2')), json({ category: 'VALIDATION_ERROR' }, 400));
    const { next } = await hubspot.source.page({ itemType: 'deal', limit: 5 });
    await expect(hubspot.source.page({ itemType: 'deal', limit: 5, position: next! })).rejects.toThrow(PositionExpired);
    // Without a place it is the request that is bad.
    await expect(hubspot.source.page({ itemType: 'deal', limit: 5 })).rejects.toMatchObject({ code: 'provider_error' });
  });

  it.each(['102', 'here'])('are begun anew from a place that is none: %j', async (position) => {
    await expect(hubspot.source.page({ itemType: 'deal', limit: 5, position })).rejects.toThrow(PositionExpired);
    expect(hubspot.stub.requests).toEqual([]);
  });
});

describe('How many records HubSpot has', () => {
  const long = (search: ReturnType<typeof json>): ReturnType<typeof json> => {
    return (response, request) => {
      const answer = request.url.pathname.endsWith('/search') ? search : json(listed([record()], '2'));
      answer(response, request);
    };
  };
  const asked = () => hubspot.stub.requests.filter(({ url }) => url.pathname === '/crm/v3/objects/contacts/search');

  const contacts = { itemType: 'contact', limit: 1000, wantsTotal: true };
  /** Pages that lead on, until one says how many there are in all. */
  const told = async (position: string): Promise<number | undefined> => {
    for (let pages = 0; pages < 100; pages += 1) {
      const { total } = await hubspot.source.page({ ...contacts, position });
      if (total !== undefined) return total;
    }
    return undefined;
  };

  it('is asked once, beside the pages of a long listing', async () => {
    hubspot.stub.answer = long(json(searched([record()], 250_000)));
    const { next = '' } = await hubspot.source.page(contacts);
    expect(await told(next)).toBe(250_000);
    expect(asked()).toHaveLength(1);
    expect(JSON.parse(asked()[0]!.body)).toEqual({ filterGroups: [], properties: ['createdate'], limit: 1 });
  });

  it('is not asked where nobody watches, nor of a listing that is at its end', async () => {
    hubspot.stub.answer = json(listed([record()], '2'));
    await hubspot.source.page({ itemType: 'contact', limit: 1000 });
    hubspot.stub.answer = json(listed([record()]));
    await hubspot.source.page(contacts);
    expect(asked()).toEqual([]);
  });

  it.each([
    ['refused', json({ category: 'MISSING_SCOPES' }, 403)],
    ['nonsense', json({ total: 'many' })],
    ['less than nothing', json({ total: -1 })],
  ])('keeps no page waiting and fails none when it is %s', async (_what, answer) => {
    hubspot.stub.answer = long(answer);
    const { next = '' } = await hubspot.source.page(contacts);
    expect(await told(next)).toBeUndefined();
    expect(asked()).toHaveLength(1);
  });
});

describe('HubSpot’s owners', () => {
  it('are those of today, then those who left', async () => {
    const pages = [
      listed([owner({ id: '1' })], '1'),
      listed([owner({ id: '2' })]),
      listed([owner({ archived: true })]),
    ];
    hubspot.stub.answer = inTurn(...pages.map((page) => json(page)));
    const items = (await hubspot.pages({ itemType: 'owner', limit: 5 })).flatMap((page) => page.items);
    expect(items.map(({ id, visibility }) => [id, visibility])).toEqual([
      ['owners/1', true],
      ['owners/2', true],
      ['owners/70001', false],
    ]);
    expect(hubspot.stub.requests.map(({ url }) => `${url.pathname}${url.search}`)).toEqual([
      '/crm/v3/owners?limit=100&archived=false',
      '/crm/v3/owners?limit=100&archived=false&after=1',
      '/crm/v3/owners?limit=100&archived=true',
    ]);
  });

  it('fail as a type when the grant lacks their scope', async () => {
    hubspot.stub.answer = json({ category: 'MISSING_SCOPES' }, 403);
    await expect(hubspot.source.page({ itemType: 'owner', limit: 5 })).rejects.toMatchObject({
      message: 'HubSpot refused the call (MISSING_SCOPES).',
    });
  });
});
