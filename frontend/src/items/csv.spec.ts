import { describe, expect, it } from '@jest/globals';
import { CSV_HEAD, csvRecord } from './csv.ts';
import { atOnce, collectionOf, item } from './item-factory.ts';
import { exportName, exportParts } from './item-export.ts';

describe('items as CSV', () => {
  const nameCell = (name: string): string => csvRecord(item('1', { name })).slice('1,page,'.length);

  it('have a head, a record each, and nothing where nothing is told', () => {
    expect(CSV_HEAD.trimEnd().split(',')).toHaveLength(16);
    expect(csvRecord(item('1'))).toBe('1,page,1,,,false,,,,,,,,true,notion,c1\r\n');
  });

  it('are quoted where RFC 4180 wants it', () => {
    expect(nameCell('a "b", c')).toMatch(/^"a ""b"", c",/);
    expect(nameCell('two\nlines')).toMatch(/^"two\nlines",/);
    expect(csvRecord(item('1', { children: ['a', 'b'] }))).toContain(',"a\nb",');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('are no formula to a spreadsheet: %j', (name) => {
    expect(nameCell(name)).toMatch(/^"?'/);
  });

  // In a spreadsheet whose separator is another, the cell begins in the middle of a name.
  it.each([';', '\t', '|', ',', '\n'])('are no formula after the separator %j, and are quoted', (separator) => {
    expect(nameCell(`a${separator}=1+1`)).toMatch(`"a${separator}'=1+1",`);
    expect(nameCell(`a${separator} @x`)).toMatch(`"a${separator}' @x",`);
    expect(nameCell(`a${separator}b`)).toMatch(`"a${separator}b",`);
  });

  it('keep a sign that is not at the beginning', () => {
    expect(nameCell('a-b=c')).toMatch(/^a-b=c,/);
  });
});

describe('items as a file', () => {
  const items = Array.from({ length: 1_201 }, (_, at) => item(String(at)));
  const written = (format: 'csv' | 'json' | 'ndjson', indexes: number[] = items.map((_, at) => at)): string =>
    atOnce(exportParts(collectionOf(items), Uint32Array.from(indexes), format)).join('');

  it('are JSON that can be read again', () => {
    expect(JSON.parse(written('json'))).toEqual(items);
    expect(JSON.parse(written('json', []))).toEqual([]);
  });

  it('are a line each as NDJSON, and a record each as CSV', () => {
    expect(
      written('ndjson', [2, 1])
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([items[2], items[1]]);
    expect(written('csv').split('\r\n')).toHaveLength(1 + items.length + 1);
  });

  it('have a name with the day', () => {
    expect(exportName('notion', 'csv', new Date(2026, 0, 5, 12))).toBe('notion-items-2026-01-05.csv');
  });
});
