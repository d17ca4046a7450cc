import type { Draw } from '../core/draw.ts';
import { airtableId } from '../core/identifiers.ts';
import { oddityOf } from '../core/names.ts';
import { iso } from '../core/timeline.ts';

/** What a record's primary cell is made of. */
export interface RecordSeed {
  readonly scope: string;
  readonly index: number;
  readonly title: string | null;
  readonly draw: Draw;
  readonly createdMs: number;
}

export interface PrimaryKind {
  readonly type: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** `null`: the cell is empty. */
  readonly cell: (seed: RecordSeed) => unknown;
}

const TEXT_RESULT = { type: 'singleLineText' };
const DATE_FORMAT = { name: 'iso', format: 'YYYY-MM-DD' };
/** The most that a long text holds. */
const LONGEST_TEXT = 100_000;

const isHostile = ({ index }: RecordSeed) => oddityOf(index) === 'hostile';
const isMissing = ({ title }: RecordSeed) => title === null;
const own = ({ title }: RecordSeed) => title;

export const TEXT_PRIMARY: PrimaryKind = { type: 'singleLineText', cell: own };

/** https://airtable.com/developers/web/api/field-model: the kinds of field that may name a record, and some synced tables' */
export const PRIMARY_KINDS: readonly PrimaryKind[] = [
  TEXT_PRIMARY,
  {
    type: 'formula',
    options: {
      formula: "CONCATENATE({Status}, ' ', {Due})",
      isValid: true,
      referencedFieldIds: [],
      result: TEXT_RESULT,
    },
    cell: (seed) => (isHostile(seed) ? { error: '#ERROR!' } : seed.title),
  },
  { type: 'number', options: { precision: 1 }, cell: ({ draw }) => (draw.int(2000) - 500) / 2 },
  { type: 'date', options: { dateFormat: DATE_FORMAT }, cell: ({ createdMs }) => iso(createdMs).slice(0, 10) },
  { type: 'autoNumber', cell: ({ index }) => index + 1 },
  { type: 'barcode', cell: ({ draw }) => ({ text: String(400_000 + draw.int(99_999)), type: 'upce' }) },
  { type: 'currency', options: { precision: 2, symbol: '€' }, cell: ({ draw }) => (draw.int(99_999) - 5_000) / 100 },
  {
    type: 'rollup',
    options: {
      ...linkedField('rollup'),
      referencedFieldIds: [],
      result: { type: 'number', options: { precision: 0 } },
    },
    cell: (seed) => (isHostile(seed) ? { specialValue: 'NaN' } : seed.draw.int(1000)),
  },
  {
    type: 'multipleLookupValues',
    options: { ...linkedField('lookup'), result: TEXT_RESULT },
    cell: (seed) => (isMissing(seed) ? null : [seed.title, null, `No. ${seed.index}`]),
  },
  { type: 'singleSelect', options: { choices: choices('select') }, cell: ({ draw }) => draw.pick(['Red', 'Blue']) },
  {
    type: 'aiText',
    options: { prompt: ['Summarise the record.'], referencedFieldIds: [] },
    cell: (seed) =>
      isHostile(seed)
        ? { state: 'error', errorType: 'emptyDependency', isStale: false, value: null }
        : { state: 'generated', isStale: false, value: seed.title },
  },
  { type: 'duration', options: { durationFormat: 'h:mm:ss' }, cell: ({ draw }) => draw.int(40_000) },
  { type: 'percent', options: { precision: 1 }, cell: ({ draw }) => draw.int(1000) / 1000 },
  {
    type: 'multilineText',
    cell: (seed) =>
      oddityOf(seed.index) === 'long' ? `${seed.title ?? ''} `.repeat(LONGEST_TEXT).slice(0, LONGEST_TEXT) : seed.title,
  },
  {
    type: 'multipleAttachments',
    options: { isReversed: false },
    cell: ({ scope, index, title }) => (title === null ? null : [attachment(scope, index, title)]),
  },
  {
    type: 'multipleRecordLinks',
    options: { linkedTableId: airtableId.make('tbl', 'linked', 0), isReversed: false, prefersSingleRecordLink: false },
    cell: ({ scope, index }) => [airtableId.make('rec', `${scope}/linked`, index)],
  },
  {
    type: 'dateTime',
    options: { dateFormat: DATE_FORMAT, timeFormat: { name: '24hour', format: 'HH:mm' }, timeZone: 'utc' },
    cell: ({ createdMs }) => iso(createdMs),
  },
  { type: 'email', cell: ({ index }) => `person-${index}@example.test` },
];

function linkedField(of: string) {
  return {
    isValid: true,
    recordLinkFieldId: airtableId.make('fld', of, 0),
    fieldIdInLinkedTable: airtableId.make('fld', of, 1),
  };
}

function choices(scope: string) {
  return ['Red', 'Blue'].map((name, index) => ({
    id: airtableId.make('sel', scope, index),
    name,
    color: 'blueLight2',
  }));
}

function attachment(scope: string, index: number, title: string) {
  const id = airtableId.make('att', scope, index);
  return {
    id,
    url: `https://v5.airtableusercontent.test/${id}`,
    filename: `${title}.pdf`,
    size: 1024,
    type: 'application/pdf',
  };
}
