import { object, text } from '../../items/provider-values.ts';

/** What a field's type says about how its cells are shown. */
export interface CellFormat {
  readonly type: string;
  /** Digits after the point. */
  readonly precision?: number;
  readonly symbol?: string;
}

/** A lookup's cells may be lists of lists; deeper ones are nobody's. */
const MAX_DEPTH = 4;

/** Of "Field types": those whose cells have the type of `options.result`. */
const COMPUTED: ReadonlySet<unknown> = new Set(['formula', 'rollup', 'multipleLookupValues', 'createdTime']);

/** @param type unknown ones are shown by their values alone */
export function cellFormat(type: unknown, options: unknown): CellFormat {
  const { precision, symbol, durationFormat, result } = object(options);
  if (COMPUTED.has(type)) {
    const computed = object(result);
    return COMPUTED.has(computed['type']) ? { type: '' } : cellFormat(computed['type'], computed['options']);
  }
  const digits = type === 'duration' ? secondDigits(durationFormat) : precision;
  const sign = text(symbol);
  return {
    type: typeof type === 'string' ? type : '',
    ...(isDigits(digits) ? { precision: digits } : {}),
    ...(sign === undefined ? {} : { symbol: sign }),
  };
}

/**
 * A cell ("Cell values") as a line of text. @returns null when nothing in it is readable: errors, and records that are
 * linked, of which only the ids are given
 */
export function cellText(value: unknown, format: CellFormat): string | null {
  const parts = partsOf(value, format, 0);
  return parts.length === 0 ? null : parts.join(', ');
}

function partsOf(value: unknown, format: CellFormat, depth: number): readonly string[] {
  if (Array.isArray(value)) {
    return depth < MAX_DEPTH ? value.flatMap((one: unknown) => partsOf(one, format, depth + 1)) : [];
  }
  const part = partOf(value, format);
  return part === undefined ? [] : [part];
}

function partOf(value: unknown, format: CellFormat): string | undefined {
  if (typeof value === 'string') return format.type === 'multipleRecordLinks' ? undefined : text(value);
  if (typeof value === 'number') return numberText(value, format);
  if (typeof value === 'boolean') return value ? 'checked' : undefined;
  const { name, filename, text: barcode, label, value: generated, email } = object(value);
  // Select option or collaborator; attachment; barcode; button; AI text; collaborator without a name.
  return [name, filename, barcode, label, generated, email].map(text).find((part) => part !== undefined);
}

function numberText(value: number, { type, precision, symbol = '' }: CellFormat): string {
  switch (type) {
    case 'percent':
      return `${decimal(value * 100, precision)}%`;
    case 'currency':
      return `${value < 0 ? '-' : ''}${symbol}${decimal(Math.abs(value), precision)}`;
    case 'duration':
      return durationText(value, precision);
    default:
      return decimal(value, precision);
  }
}

/** Without a precision as short as it is exact: 0.07 * 100 is no 7.000000000000001. */
function decimal(value: number, precision: number | undefined): string {
  return precision === undefined ? String(Number(value.toPrecision(15))) : value.toFixed(precision);
}

/** @param seconds as a cell has them @param precision digits of the second; absent: hours and minutes alone */
function durationText(seconds: number, precision: number | undefined): string {
  const scale = precision === undefined ? 1 / 60 : 10 ** precision;
  const perMinute = 60 * scale;
  // Counted in the smallest unit shown, so that 59.9996 s are a minute and never 60 s.
  const units = Math.round(Math.abs(seconds) * scale);
  const minutes = Math.floor(units / perMinute);
  const rest = precision === undefined ? '' : `:${twoDigits(((units % perMinute) / scale).toFixed(precision))}`;
  return `${seconds < 0 ? '-' : ''}${Math.floor(minutes / 60)}:${twoDigits(String(minutes % 60))}${rest}`;
}

function twoDigits(number: string): string {
  return /^\d(?:\.|$)/.test(number) ? `0${number}` : number;
}

/** Of `h:mm:ss`, `h:mm:ss.S` and so on; undefined for `h:mm`. */
function secondDigits(durationFormat: unknown): number | undefined {
  const fraction = /^h:mm:ss\.?(S{0,3})$/.exec(text(durationFormat) ?? '');
  return fraction?.[1]?.length;
}

function isDigits(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 8;
}
