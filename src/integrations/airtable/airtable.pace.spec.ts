import { describe, expect, it } from '@jest/globals';
import { airtablePace } from './airtable.pace.ts';

const ANN = { clientId: 'app', account: 'usrAnn' };
const USER = { resource: 'user', of: ['app', 'usrAnn'] };

describe('the pace of calls to Airtable', () => {
  it.each([
    '/meta/bases/appA1/tables',
    '/appA1/tblT',
    '/appA1/Table%20One/recR',
    '/appA1/tblT/listRecords',
    '/appA1/tblT/recR/comments',
  ])('counts %s for its base', (path) => {
    const pace = airtablePace({ ...ANN, path });
    expect(pace).toEqual({ resource: 'base', of: ['appA1'], limit: 5, windowMs: 1_000, within: USER });
    // Whoever calls.
    expect(airtablePace({ clientId: 'app', account: 'usrBob', path })).toMatchObject({
      resource: 'base',
      of: ['appA1'],
    });
  });

  it.each(['/meta/bases', '/meta/whoami'])('counts %s, which is of no base, for its user', (path) => {
    expect(airtablePace({ ...ANN, path })).toEqual({ ...USER, limit: 50, windowMs: 1_000 });
  });
});
