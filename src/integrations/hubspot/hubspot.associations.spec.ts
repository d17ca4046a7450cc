import { describe, expect, it } from '@jest/globals';
import { associated, listedWith, record } from './fixtures/hubspot-answers.ts';
import { listedAssociations, readAssociations, relationsOf } from './hubspot.associations.ts';
import { objectTypeOf } from './hubspot.object-types.ts';

/** Where an item of this type is placed by what "List" tells of it. */
function placed(itemType: string, ...associations: readonly Record<string, unknown>[]) {
  const all = Object.assign({}, ...associations.map((one) => one['associations'])) as Record<string, unknown>;
  const type = objectTypeOf(itemType);
  return relationsOf(type, listedAssociations(type, record({ associations: all })));
}

describe('What a record is associated with', () => {
  it('makes a contact’s primary company its parent, wherever it stands', () => {
    const companies = listedWith(
      'companies',
      ['7', 'contact_to_company_unlabeled'],
      ['9', 'contact_to_company_unlabeled'],
      ['9', 'contact_to_company'],
    );
    expect(placed('contact', companies)).toEqual({ parent_id: 'companies/9', children: null });
  });

  it.each(['deal', 'ticket'])('does so for a %s', (itemType) => {
    const companies = listedWith('companies', ['7', 'billing'], ['9', `${itemType}_to_company`]);
    expect(placed(itemType, companies).parent_id).toBe('companies/9');
  });

  it('makes the company that is longest there the parent when none is primary', () => {
    const companies = listedWith('companies', ['100', 'contact_to_company_unlabeled'], ['20', 'employer']);
    expect(placed('contact', companies).parent_id).toBe('companies/20');
  });

  it.each(['note', 'task', 'meeting', 'call'])('places a %s below its contact, company, deal or ticket', (itemType) => {
    const tickets = listedWith('tickets', ['4', 'x']);
    const deals = listedWith('deals', ['3', 'x']);
    const companies = listedWith('companies', ['2', 'x']);
    const contacts = listedWith('contacts', ['1', 'x']);
    expect(placed(itemType, tickets, deals, companies, contacts).parent_id).toBe('contacts/1');
    expect(placed(itemType, tickets, deals, companies).parent_id).toBe('companies/2');
    expect(placed(itemType, tickets, deals).parent_id).toBe('deals/3');
    expect(placed(itemType, tickets).parent_id).toBe('tickets/4');
    expect(placed(itemType)).toEqual({ parent_id: null, children: null });
  });

  it('makes contacts a company’s children, each once', () => {
    const contacts = listedWith(
      'contacts',
      ['5', 'company_to_contact'],
      ['5', 'company_to_contact_unlabeled'],
      ['6', 'x'],
    );
    expect(placed('company', contacts)).toEqual({ parent_id: null, children: ['contacts/5', 'contacts/6'] });
  });

  it('names no more children than a page bears', () => {
    const contacts = Array.from({ length: 450 }, (_, index) => [String(index), 'company_to_contact'] as const);
    expect(placed('company', listedWith('contacts', ...contacts)).children).toHaveLength(100);
  });

  it.each([[undefined], [null], ['none'], [{ companies: [] }], [{ companies: { results: [null, {}, { id: {} }] } }]])(
    'is nothing in %j',
    (associations) => {
      const type = objectTypeOf('contact');
      const relations = relationsOf(type, listedAssociations(type, record({ associations })));
      expect(relations).toEqual({ parent_id: null, children: null });
    },
  );
});

describe('What version 4 tells of associations', () => {
  it('is read by the record it is of, with the primary one marked', () => {
    const answer = associated({
      '101': [
        ['7', 279],
        ['9', 1],
      ],
      '102': [[8, 279]],
    });
    expect([...readAssociations(answer)]).toEqual([
      [
        '101',
        [
          { id: '7', primary: false },
          { id: '9', primary: true },
        ],
      ],
      ['102', [{ id: '8', primary: false }]],
    ]);
  });

  it('has no primary one of a label that the account made itself', () => {
    const types = [{ category: 'USER_DEFINED', typeId: 1, label: 'Employer' }];
    const answer = { results: [{ from: { id: '1' }, to: [{ toObjectId: '2', associationTypes: types }] }] };
    expect(readAssociations(answer).get('1')).toEqual([{ id: '2', primary: false }]);
  });

  it.each([[{}], [{ results: 'none' }], [{ results: [{}, null, { from: { id: 7.5 }, to: {} }] }]])(
    'is nothing in %j',
    (answer) => {
      expect(readAssociations(answer).size).toBe(0);
    },
  );
});
