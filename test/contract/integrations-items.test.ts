import { afterAll, beforeAll } from '@jest/globals';
import { LONG_DEADLINES, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeIncrements } from './integrations-increments.contract.ts';
import { describeItems } from './integrations-items.contract.ts';

let patchbay: RunningPatchbay;
beforeAll(async () => {
  const airtable = { bases: 3, tablesPerBase: 2, recordsPerTable: 7 };
  // All connections are to the same workspace, where a refresh by one ends older tokens of the others.
  const slack = { tokenRotation: false };
  patchbay = await startPatchbay({ sandbox: { items: 12, airtable, slack }, deadlines: LONG_DEADLINES });
});
afterAll(() => patchbay.close());

describeItems(() => patchbay);
describeIncrements(() => patchbay);
