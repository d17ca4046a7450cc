import { airtableId } from '../core/identifiers.ts';
import type { PrimaryKind } from './primary-field.ts';

export const STATUSES = ['Todo', 'In progress', 'Done'] as const;

export interface Field {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly options?: unknown;
  readonly description?: string;
}

/** The fields of one table; not all have one that shows when a record was changed. */
export function fieldsOf(scope: string, primary: PrimaryKind, showsChange: boolean): Field[] {
  const { type, options } = primary;
  const shapes: readonly Omit<Field, 'id'>[] = [
    { name: 'Name', type, ...(options === undefined ? {} : { options }) },
    {
      name: 'Status',
      type: 'singleSelect',
      options: {
        choices: STATUSES.map((name, index) => ({
          id: airtableId.make('sel', scope, index),
          name,
          color: 'blueLight2',
        })),
      },
    },
    { name: 'Estimate', type: 'number', options: { precision: 1 } },
    { name: 'Done', type: 'checkbox', options: { icon: 'check', color: 'greenBright' } },
    { name: 'Due', type: 'date', options: { dateFormat: { name: 'iso', format: 'YYYY-MM-DD' } } },
    { name: 'Owner', type: 'singleCollaborator', options: {} },
    {
      name: 'Total',
      type: 'formula',
      options: {
        formula: '{Estimate} * 25',
        isValid: true,
        referencedFieldIds: [airtableId.make('fld', scope, 2)],
        result: { type: 'number', options: { precision: 0 } },
      },
    },
    ...(showsChange ? [CHANGED] : []),
  ];
  return shapes.map((shape, index) => ({ id: airtableId.make('fld', scope, index), ...shape }));
}

/** One that watches all fields names none. */
const CHANGED: Omit<Field, 'id'> = {
  name: 'Changed',
  type: 'lastModifiedTime',
  options: {
    isValid: true,
    referencedFieldIds: [],
    result: {
      type: 'dateTime',
      options: {
        dateFormat: { name: 'iso', format: 'YYYY-MM-DD' },
        timeFormat: { name: '24hour', format: 'HH:mm' },
        timeZone: 'utc',
      },
    },
  },
};
