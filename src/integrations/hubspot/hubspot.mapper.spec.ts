import { describe, expect, it } from '@jest/globals';
import { accountDetails, owner, record } from './fixtures/hubspot-answers.ts';
import { accountName, deletedRecordItem, ownerItem, recordItem } from './hubspot.mapper.ts';

describe('a CRM record', () => {
  it('is read into an item', () => {
    expect(recordItem('contact', record({}, { firstname: 'Ann', lastname: 'Zola', email: 'ann@acme.test' }))).toEqual({
      id: 'contacts/101',
      type: 'contact',
      directory: true,
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
    ['task', { hs_task_subject: 'Ring back', hs_body_preview: 'About the renewal' }, 'Ring back'],
    ['task', { hs_task_subject: null, hs_body_preview: 'About the renewal' }, 'About the renewal'],
    ['meeting', { hs_meeting_title: '🚀 Kick-off' }, '🚀 Kick-off'],
    ['call', { hs_call_title: 'سيكون اتصال' }, 'سيكون اتصال'],
    ['note', { hs_body_preview: 'They moved to Lagos' }, 'They moved to Lagos'],
    ['note', { hs_body_preview: null }, null],
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
    ['contact', 'createdate', 'lastmodifieddate'],
    ['company', 'createdate', 'hs_lastmodifieddate'],
    ['deal', 'createdate', 'hs_lastmodifieddate'],
    ['ticket', 'createdate', 'hs_lastmodifieddate'],
    ['note', 'hs_createdate', 'hs_lastmodifieddate'],
    ['task', 'hs_createdate', 'hs_lastmodifieddate'],
    ['meeting', 'hs_createdate', 'hs_lastmodifieddate'],
    ['call', 'hs_createdate', 'hs_lastmodifieddate'],
  ])('of type %s reads its times from %s and %s when it has no others', (type, created, modified) => {
    const properties = { [created]: '2026-03-04T05:06:06Z', [modified]: '2026-03-04T05:06:07Z' };
    expect(recordItem(type, { id: '1', createdAt: null, updatedAt: 'then', properties })).toMatchObject({
      creation_time: '2026-03-04T05:06:06.000Z',
      last_modified_time: '2026-03-04T05:06:07.000Z',
    });
  });

  // An increment is found by the property: what it finds must not look older than the increment.
  it('was changed when its property says so, whatever stands beside it', () => {
    const properties = { lastmodifieddate: '2026-03-04T05:06:07Z' };
    expect(recordItem('contact', record({ updatedAt: '2026-02-03T04:05:06Z' }, properties))).toMatchObject({
      last_modified_time: '2026-03-04T05:06:07.000Z',
    });
    expect(recordItem('contact', record({}, { lastmodifieddate: null }))?.last_modified_time).toBe(
      '2026-02-03T04:05:06.789Z',
    );
  });

  it('has a name of any length', () => {
    const name = 'א'.repeat(50_000);
    expect(recordItem('company', record({}, { name }))?.name).toBe(name);
  });

  it.each([
    ['contact', true],
    ['company', true],
    ['deal', true],
    ['ticket', true],
    ['note', false],
    ['task', false],
    ['meeting', false],
    ['call', false],
  ])('of type %s may have others below it: %s', (type, directory) => {
    expect(recordItem(type, record())?.directory).toBe(directory);
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

describe('a record in the bin', () => {
  it('was deleted when it went there', () => {
    const archived = record({ archived: true, archivedAt: '2026-04-05T06:07:08Z' });
    expect(deletedRecordItem('deal', archived)).toMatchObject({
      id: 'deals/101',
      delta: 'deleted',
      visibility: false,
      last_modified_time: '2026-04-05T06:07:08.000Z',
    });
  });

  it('is deleted even if nothing says when', () => {
    expect(deletedRecordItem('contact', record({ archived: null, archivedAt: 'once' }))).toMatchObject({
      delta: 'deleted',
      visibility: false,
      last_modified_time: '2026-02-03T04:05:06.789Z',
    });
  });

  it('is skipped without an id', () => {
    expect(deletedRecordItem('deal', { archived: true })).toBeUndefined();
  });
});

describe('an owner', () => {
  it('is read into an item', () => {
    expect(ownerItem(owner())).toEqual({
      id: 'owners/70001',
      type: 'owner',
      directory: false,
      parent_path_or_name: null,
      parent_id: null,
      name: 'Ann Zola',
      creation_time: '2026-01-02T03:04:05.678Z',
      last_modified_time: '2026-02-03T04:05:06.789Z',
      url: null,
      children: null,
      mime_type: null,
      delta: null,
      drive_id: null,
      visibility: true,
    });
  });

  it.each([
    [{ firstName: '', lastName: '' }, 'ann@acme.test'],
    [{ firstName: null, lastName: 'Zola' }, 'Zola'],
    [{ firstName: '', lastName: '', email: null }, null],
  ])('with %j has the name %j', (changes, name) => {
    expect(ownerItem(owner(changes))?.name).toBe(name);
  });

  it('who has left is hidden', () => {
    expect(ownerItem(owner({ archived: true, userId: null }))?.visibility).toBe(false);
  });

  it('is skipped without an id', () => {
    expect(ownerItem(owner({ id: null }))).toBeUndefined();
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
