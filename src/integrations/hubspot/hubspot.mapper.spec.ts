import { describe, expect, it } from '@jest/globals';
import { accountDetails, record } from './fixtures/hubspot-answers.ts';
import { accountName, recordItem } from './hubspot.mapper.ts';

describe('a CRM record', () => {
  it('is read into an item', () => {
    expect(recordItem('contact', record({}, { firstname: 'Ann', lastname: 'Zola', email: 'ann@acme.test' }))).toEqual({
      id: 'contacts/101',
      type: 'contact',
      directory: false,
      parent_path_or_name: null,
      parent_id: null,
      name: 'Ann Zola',
      creation_time: '2026-01-02T03:04:05.678Z',
      last_modified_time: '2026-02-03T04:05:06.789Z',
      url: 'https://app.hubspot.com/contacts/12345/record/0-1/101',
      children: null,
      mime_type: null,
      delta: null,
      drive_id: null,
      visibility: true,
    });
  });

  it.each([
    ['contact', { firstname: 'Ann', lastname: null }, 'Ann'],
    ['contact', { firstname: null, lastname: 'Zola' }, 'Zola'],
    ['contact', { firstname: ' Ann ', lastname: '  ' }, 'Ann'],
    ['contact', { firstname: null, lastname: null, email: 'ann@acme.test' }, 'ann@acme.test'],
    ['contact', { firstname: null, lastname: null, email: null }, null],
    ['contact', { firstname: 7, lastname: {}, email: [] }, null],
    ['company', { name: 'Acme', domain: 'acme.test' }, 'Acme'],
    ['company', { name: null, domain: 'acme.test' }, 'acme.test'],
    ['deal', { dealname: 'Renewal' }, 'Renewal'],
    ['deal', { dealname: '' }, null],
    ['ticket', { subject: 'Help' }, 'Help'],
  ])('of type %s with %j has the name %j', (type, properties, name) => {
    expect(recordItem(type, record({}, properties))?.name).toBe(name);
  });

  it('is told apart from one of another type with the same number', () => {
    expect(recordItem('contact', record())?.id).not.toBe(recordItem('deal', record())?.id);
  });

  it('may have a number for an id', () => {
    expect(recordItem('deal', record({ id: 9 }))?.id).toBe('deals/9');
  });

  it.each([
    ['contact', 'lastmodifieddate'],
    ['company', 'hs_lastmodifieddate'],
    ['deal', 'hs_lastmodifieddate'],
    ['ticket', 'hs_lastmodifieddate'],
  ])('of type %s falls back on createdate and %s for its times', (type, modified) => {
    const properties = { lastmodifieddate: null, [modified]: '2026-03-04T05:06:07Z' };
    expect(recordItem(type, record({ createdAt: null, updatedAt: 'then' }, properties))).toMatchObject({
      creation_time: '2026-01-02T03:04:05.678Z',
      last_modified_time: '2026-03-04T05:06:07.000Z',
    });
  });

  it('in the bin is hidden', () => {
    expect(recordItem('contact', record({ archived: true }))?.visibility).toBe(false);
  });

  it('with nothing but an id is an item still', () => {
    expect(recordItem('contact', { id: '1', properties: 'none', url: 'javascript:alert(1)' })).toMatchObject({
      id: 'contacts/1',
      name: null,
      url: null,
      creation_time: null,
      last_modified_time: null,
    });
  });

  it.each([[undefined], [null], [''], [1.5], [Number.NaN], [{}]])('is skipped when its id is %j', (id) => {
    expect(recordItem('contact', record({ id }))).toBeUndefined();
  });
});

describe('the name of an account', () => {
  it.each([
    ['STANDARD', 'HubSpot account 12345'],
    ['SANDBOX', 'HubSpot sandbox account 12345'],
    ['DEVELOPER_TEST', 'HubSpot test account 12345'],
    ['APP_DEVELOPER', 'HubSpot developer account 12345'],
    ['constructor', 'HubSpot account 12345'],
    [undefined, 'HubSpot account 12345'],
  ])('of kind %j is %j', (accountType, name) => {
    expect(accountName('12345', accountDetails({ accountType }))).toBe(name);
  });

  it('is none without a number', () => {
    expect(accountName(undefined, {})).toBeNull();
  });
});
