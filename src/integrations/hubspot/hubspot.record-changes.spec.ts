import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PositionExpired } from '../../items/item-source.ts';
import { inTurn, json } from '../../outbound/fixtures/provider-stub.ts';
import { associated, listed, record, searched } from './fixtures/hubspot-answers.ts';
import { startHubspot, type HubspotScene } from './fixtures/hubspot-scene.ts';

const SINCE = new Date('2026-02-01T00:00:00Z');
const NOTHING = json(associated({}));
const EMPTY_BIN = json(listed([]));

let hubspot: HubspotScene;

beforeEach(async () => {
  hubspot = await startHubspot();
});

afterEach(() => hubspot.close());

const calls = (): string[] => hubspot.stub.requests.map(({ method, url }) => `${method} ${url.pathname}`);
const bodies = (): unknown[] =>
  hubspot.stub.requests.filter(({ body }) => body !== '').map(({ body }) => JSON.parse(body) as unknown);

describe('What changed at HubSpot since a time', () => {
  it.each([
    ['contact', 'contacts', 'lastmodifieddate'],
    ['deal', 'deals', 'hs_lastmodifieddate'],
    ['note', 'notes', 'hs_lastmodifieddate'],
  ])('is searched for, of type %s', async (itemType, plural, modified) => {
    hubspot.stub.answer = inTurn(json(searched([], 0)), EMPTY_BIN);
    await hubspot.pages({ itemType, limit: 5, modifiedSince: SINCE });
    expect(calls()).toEqual([`POST /crm/v3/objects/${plural}/search`, `GET /crm/v3/objects/${plural}`]);
    expect(bodies()[0]).toMatchObject({
      filterGroups: [{ filters: [{ propertyName: modified, operator: 'GTE', value: String(SINCE.getTime()) }] }],
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
      limit: 100,
    });
  });

  it('comes by id, each page a search of its own', async () => {
    hubspot.stub.answer = inTurn(
      json(searched([record({ id: '9' }), record({ id: '10' })], 3, '2')),
      NOTHING,
      json(searched([record({ id: '1000' })], 1)),
      NOTHING,
      EMPTY_BIN,
    );
    const pages = await hubspot.pages({ itemType: 'deal', limit: 5, modifiedSince: SINCE });
    expect(pages.flatMap(({ items }) => items).map(({ id }) => id)).toEqual(['deals/9', 'deals/10', 'deals/1000']);
    expect(pages.map(({ total }) => total)).toEqual([3, undefined, undefined]);
    expect(bodies()[2]).toMatchObject({
      filterGroups: [{ filters: [{}, { propertyName: 'hs_object_id', operator: 'GT', value: '10' }] }],
    });
    expect(bodies()[2]).not.toHaveProperty('after');
  });

  it.each([[['10', '9']], [['7', '7']], [['5', '6']]])(
    'is refused in another order than by id: %j would lose some',
    async (ids) => {
      hubspot.stub.answer = json(
        searched(
          ids.map((id) => record({ id })),
          9,
        ),
      );
      const request = { itemType: 'deal', limit: 5, modifiedSince: SINCE, position: 'changed:6' };
      await expect(hubspot.source.page(request)).rejects.toMatchObject({ code: 'provider_protocol_error' });
    },
  );

  it.each([
    ['nobody', []],
    ['nobody with an id', [{}, record({ id: null }), record({ id: '' })]],
  ])('is refused when a page has %s on it and isn’t the last: the rest would be lost', async (_whom, found) => {
    hubspot.stub.answer = json(searched(found, 500, '100'));
    const page = hubspot.source.page({ itemType: 'deal', limit: 5, modifiedSince: SINCE });
    await expect(page).rejects.toMatchObject({ code: 'provider_protocol_error' });
  });

  it('is searched for since the epoch, when asked since before that', async () => {
    hubspot.stub.answer = json(searched([], 0));
    const modifiedSince = new Date('0000-01-01T00:00:00+14:00');
    await hubspot.source.page({ itemType: 'deal', limit: 5, modifiedSince });
    expect(bodies()[0]).toMatchObject({ filterGroups: [{ filters: [{ operator: 'GTE', value: '0' }] }] });
  });

  it.each(['changed:x', 'changed:1;2'])('is begun anew from a place that is none: %j', async (position) => {
    const request = { itemType: 'deal', limit: 5, modifiedSince: SINCE, position };
    await expect(hubspot.source.page(request)).rejects.toThrow(PositionExpired);
    expect(calls()).toEqual([]);
  });
});

describe('What changed records are associated with', () => {
  it('is asked for in one call a type, until each has its parent', async () => {
    hubspot.stub.answer = inTurn(
      json(searched([record({ id: '1' }), record({ id: '2' }), record({ id: '3' })], 3)),
      json(associated({ '1': [['50', 202]] }, [{ category: 'OBJECT_NOT_FOUND' }]), 207),
      json(associated({ '2': [[60, 190]] })),
      NOTHING,
      NOTHING,
    );
    const { items } = await hubspot.source.page({ itemType: 'note', limit: 5, modifiedSince: SINCE });
    expect(items.map((item) => item.parent_id)).toEqual(['contacts/50', 'companies/60', null]);
    expect(calls().slice(1)).toEqual(
      ['contacts', 'companies', 'deals', 'tickets'].map((to) => `POST /crm/v4/associations/notes/${to}/batch/read`),
    );
    const asked = (bodies() as { inputs?: { id: string }[] }[]).map(({ inputs }) => inputs?.map(({ id }) => id));
    expect(asked).toEqual([undefined, ['1', '2', '3'], ['2', '3'], ['3'], ['3']]);
  });

  it('is a company’s contacts', async () => {
    const contacts = associated({ '1': [['50', 280]] });
    hubspot.stub.answer = inTurn(json(searched([record({ id: '1' })], 1)), json(contacts));
    const { items } = await hubspot.source.page({ itemType: 'company', limit: 5, modifiedSince: SINCE });
    expect(items[0]?.children).toEqual(['contacts/50']);
  });

  it('is left out when the grant may not see it', async () => {
    const refused = json({ category: 'MISSING_SCOPES' }, 403);
    hubspot.stub.answer = inTurn(json(searched([record({ id: '1' })], 1)), refused);
    const { items } = await hubspot.source.page({ itemType: 'contact', limit: 5, modifiedSince: SINCE });
    expect(items).toMatchObject([{ id: 'contacts/1', parent_id: null }]);
  });
});

describe('What was deleted at HubSpot since a time', () => {
  it('is what went to the bin since, page by page', async () => {
    const before = record({ id: '1', archived: true, archivedAt: '2026-01-31T23:59:59.999Z' });
    const since = record({ id: '2', archived: true, archivedAt: '2026-02-01T00:00:00.000Z' });
    const untold = record({ id: '3', archived: true });
    hubspot.stub.answer = inTurn(json(searched([], 0)), json(listed([before], '2')), json(listed([since, untold])));
    const pages = await hubspot.pages({ itemType: 'ticket', limit: 5, modifiedSince: SINCE });
    expect(pages.flatMap(({ items }) => items)).toMatchObject([
      { id: 'tickets/2', delta: 'deleted', visibility: false, last_modified_time: '2026-02-01T00:00:00.000Z' },
      { id: 'tickets/3', delta: 'deleted', visibility: false },
    ]);
    const queries = hubspot.stub.requests.slice(1).map(({ url }) => Object.fromEntries(url.searchParams));
    const properties = 'subject,createdate,hs_lastmodifieddate';
    expect(queries).toEqual([
      { limit: '100', properties, archived: 'true' },
      { limit: '100', properties, archived: 'true', after: '2' },
    ]);
  });
});
