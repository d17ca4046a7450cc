import { describe, expect, it } from '@jest/globals';
import { cellFormat, cellText } from './airtable.cell-text.ts';

function shown(type: unknown, value: unknown, options?: unknown): string | null {
  return cellText(value, cellFormat(type, options));
}

const computed = (type: string, options?: unknown) => ({ isValid: true, result: { type, options } });
const LONG = '長い'.repeat(50_000);

describe('a cell of Airtable’s, as text', () => {
  it.each([
    ['singleLineText', 'Ada', 'Ada'],
    ['singleLineText', 'خطة الربع الأول', 'خطة الربع الأول'],
    ['singleLineText', '👩‍👩‍👧‍👦 🚀', '👩‍👩‍👧‍👦 🚀'],
    ['multilineText', LONG, LONG],
    ['richText', '**bold**\n', '**bold**\n'],
    ['autoNumber', 17, '17'],
    ['rating', 3, '3'],
    ['checkbox', true, 'checked'],
    ['date', '2026-01-31', '2026-01-31'],
    ['dateTime', '2026-01-31T10:00:00.000Z', '2026-01-31T10:00:00.000Z'],
    ['singleSelect', 'Done', 'Done'],
    ['multipleSelects', ['Red', 'Blue'], 'Red, Blue'],
    ['singleCollaborator', { id: 'usr1', email: 'ann@acme.test', name: 'Ann' }, 'Ann'],
    ['singleCollaborator', { id: 'usr1', email: 'ann@acme.test' }, 'ann@acme.test'],
    [
      'multipleCollaborators',
      [
        { id: 'usr1', name: 'Ann' },
        { id: 'usr2', name: 'Bo' },
      ],
      'Ann, Bo',
    ],
    ['multipleAttachments', [{ id: 'att1', url: 'https://x.test/a', filename: 'a.pdf' }], 'a.pdf'],
    ['barcode', { type: 'upce', text: '01234567' }, '01234567'],
    ['button', { label: 'Open', url: 'https://x.test' }, 'Open'],
    ['aiText', { state: 'generated', isStale: false, value: 'A summary' }, 'A summary'],
    ['somethingNew', { name: 'New' }, 'New'],
    [undefined, 'Ada', 'Ada'],
  ])('of type %s', (type, value, text) => {
    expect(shown(type, value)).toBe(text);
  });

  it.each([
    ['number', 12.5, { precision: 2 }, '12.50'],
    ['number', 12.5, undefined, '12.5'],
    ['number', 0.1 + 0.2, { precision: 99 }, '0.3'],
    ['number', 1e300, { precision: 0 }, '1e+300'],
    ['percent', 0.07, undefined, '7%'],
    ['percent', 0.125, { precision: 1 }, '12.5%'],
    ['currency', 9.5, { precision: 2, symbol: '€' }, '€9.50'],
    ['currency', -9.5, { precision: 2, symbol: '$' }, '-$9.50'],
    ['currency', 9.5, { symbol: 7 }, '9.5'],
    ['duration', 3 * 3600 + 5 * 60, { durationFormat: 'h:mm' }, '3:05'],
    ['duration', 65, { durationFormat: 'h:mm:ss' }, '0:01:05'],
    ['duration', 59.9996, { durationFormat: 'h:mm:ss.SSS' }, '0:01:00.000'],
    ['duration', -90_061.5, { durationFormat: 'h:mm:ss.S' }, '-25:01:01.5'],
    ['duration', 60, { durationFormat: null }, '0:01'],
  ])('of type %s: %j with %j', (type, value, options, text) => {
    expect(shown(type, value, options)).toBe(text);
  });

  it.each([
    ['formula', 'Ada (2026)', computed('singleLineText'), 'Ada (2026)'],
    ['formula', 0.5, computed('percent', { precision: 0 }), '50%'],
    ['rollup', 3, computed('number', { precision: 1 }), '3.0'],
    ['multipleLookupValues', ['Ada', null, 'Bo'], computed('singleLineText'), 'Ada, Bo'],
    ['multipleLookupValues', [['Red', 'Blue'], ['Red']], computed('multipleSelects'), 'Red, Blue, Red'],
    ['multipleLookupValues', [1, { error: '#ERROR!' }], computed('currency', { precision: 0, symbol: '£' }), '£1'],
    ['formula', 'Ada', { isValid: false, result: null }, 'Ada'],
    ['formula', 1, { result: { type: 'formula', options: { result: { type: 'percent' } } } }, '1'],
  ])('that is computed by a %s: %j', (type, value, options, text) => {
    expect(shown(type, value, options)).toBe(text);
  });

  it.each([
    ['singleLineText', undefined],
    ['singleLineText', null],
    ['singleLineText', '  '],
    ['checkbox', false],
    ['formula', { error: '#ERROR!' }],
    ['formula', { specialValue: 'NaN' }],
    ['rollup', { specialValue: 'Infinity' }],
    ['aiText', { state: 'error', errorType: 'emptyDependency', isStale: false, value: null }],
    ['multipleSelects', []],
    ['multipleLookupValues', [null, '', {}]],
    ['multipleRecordLinks', ['rec560UJdUtocSouk']],
  ])('is nothing rather than odd, in a %s: %j', (type, value) => {
    expect(shown(type, value)).toBeNull();
  });

  it('is nothing when only ids of linked records are looked up', () => {
    expect(shown('multipleLookupValues', ['rec1'], computed('multipleRecordLinks'))).toBeNull();
  });

  it('is never lost in lists of lists', () => {
    let deep: unknown = 'Ada';
    for (let level = 0; level < 10_000; level++) deep = [deep];
    expect(shown('multipleLookupValues', deep)).toBeNull();
  });
});
