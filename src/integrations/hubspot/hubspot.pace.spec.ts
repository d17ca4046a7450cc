import { describe, expect, it } from '@jest/globals';
import { hubspotPace } from './hubspot.pace.ts';

const CALL = { clientId: 'app', account: '4711' };
const ACCOUNT = { resource: 'account', of: ['app', '4711'] };

describe('the pace of calls to HubSpot', () => {
  it.each([
    '/crm/v3/objects/contacts',
    '/crm/v3/owners',
    '/crm/v4/associations/notes/contacts/batch/read',
    '/account-info/v3/details',
  ])('counts %s for the account, in 10 s', (path) => {
    expect(hubspotPace({ ...CALL, path })).toEqual({ ...ACCOUNT, limit: 100, windowMs: 10_000 });
  });

  it('counts searches apart', () => {
    const search = { resource: 'search', of: ['app', '4711'], limit: 5, windowMs: 1_000, within: ACCOUNT };
    expect(hubspotPace({ ...CALL, path: '/crm/v3/objects/contacts/search' })).toEqual(search);
  });
});
