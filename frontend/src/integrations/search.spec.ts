import { describe, expect, it } from '@jest/globals';
import type { Integration } from '../api/types.ts';
import { searchIntegrations } from './search.ts';

const integration = (name: string, itemTypes: string[]): Integration => ({
  ...{ integration: name, display_name: name.toUpperCase(), item_types: itemTypes, default_item_types: itemTypes },
  ...{ status: 'available', sandbox: false, scopes: [] },
});
const ALL = [integration('notion', ['page', 'database']), integration('slack', ['channel', 'message'])];

describe('Searching integrations', () => {
  it.each([
    ['', ['notion', 'slack']],
    ['  ', ['notion', 'slack']],
    ['NOT', ['notion']],
    ['channel', ['slack']],
    ['slack mess', ['slack']],
    ['slack page', []],
  ])('for %j finds %j', (text, names) => {
    expect(searchIntegrations(ALL, text).map((each) => each.integration)).toEqual(names);
  });
});
