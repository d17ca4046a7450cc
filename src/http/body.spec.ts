import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../errors/fixtures/property-tests.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { parseBody } from './body.ts';
import { ForbiddenName } from './known-error.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const parsed = (text: string, type: string | undefined = JSON_TYPE) => parseBody(Buffer.from(text), type);
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('A body', () => {
  it.each([
    ['{"a":1}', JSON_TYPE, { a: 1 }],
    ['{"a":1}', 'Application/JSON; charset=UTF-8', { a: 1 }],
    ['a=1&b=2&b=3', FORM_TYPE, { a: '1', b: ['2', '3'] }],
    ['', undefined, {}],
    ['', 'text/plain', {}],
  ])('%j of type %s is read', (text, type, meant) => {
    expect({ ...parseBody(Buffer.from(text), type) }).toEqual(meant);
  });

  it.each([
    ['of another type', '<a/>', 'application/xml', 'unsupported_media_type'],
    ['of no type', '{}', undefined, 'unsupported_media_type'],
    ['of a type that only begins like ours', '{}', 'application/jsonp', 'unsupported_media_type'],
    ['in another charset', '{}', 'application/json; charset=utf-16', 'unsupported_media_type'],
    ['that is a list', '[]', JSON_TYPE, 'invalid_request'],
    ['that is null', 'null', JSON_TYPE, 'invalid_request'],
    ['that is cut off', '{"a":', JSON_TYPE, 'invalid_request'],
    ['nested 17 deep', nested(17), JSON_TYPE, 'invalid_request'],
    ['nested 50,000 deep', '['.repeat(50_000), JSON_TYPE, 'invalid_request'],
    ['nested 10,000 deep and whole', nested(10_000), JSON_TYPE, 'invalid_request'],
    ['with too many members', 'a=1&'.repeat(300), FORM_TYPE, 'invalid_request'],
  ])('%s is refused', (_what, text, type, code) => {
    const read = () => parseBody(Buffer.from(text), type);
    expect(read).toThrow(expect.objectContaining({ constructor: PatchbayError, code }));
  });

  it('that is not UTF-8 is refused', () => {
    expect(() => parseBody(Buffer.from([0x7b, 0xff, 0x7d]), JSON_TYPE)).toThrow(PatchbayError);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'])(
    'with a member called %s is refused, at any depth',
    (name) => {
      for (const text of [`{"${name}":1}`, `{"a":[{"b":{"${name}":null}}]}`]) {
        expect(() => parsed(text)).toThrow(ForbiddenName);
      }
      expect(() => parsed(`a=1&${name}=2`, FORM_TYPE)).toThrow(ForbiddenName);
    },
  );

  it('of any bytes and type gives an object without inherited names, or one of two errors', () => {
    const type = fc.oneof(
      fc.constantFrom(JSON_TYPE, FORM_TYPE, `${JSON_TYPE};charset="utf-8"`, undefined),
      fc.string(),
    );
    const name = anyText();
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc.array(fc.tuple(name, name)).map((members) => Buffer.from(new URLSearchParams(members).toString())),
    );
    fc.assert(
      fc.property(bytes, type, (body, contentType) => {
        try {
          const value = parseBody(Buffer.from(body), contentType);
          expect(typeof value).toBe('object');
          for (const name of Object.keys(value)) expect(name in {}).toBe(false);
        } catch (error) {
          expect(error instanceof PatchbayError || error instanceof ForbiddenName).toBe(true);
        }
      }),
    );
  });
});
