import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IncomingMessage } from 'node:http';
import { anyText } from '../errors/fixtures/property-tests.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { wireRequest } from './wire-request.ts';

const ORIGIN = 'https://patchbay.example';
const read = (url: string, rawHeaders: readonly string[] = []) =>
  wireRequest({ url, method: 'GET', rawHeaders } as unknown as IncomingMessage, Buffer.alloc(0), ORIGIN);

describe('A request target', () => {
  it.each([
    ['an absolute one', 'http://patchbay.example/connections'],
    ['an authority', 'patchbay.example:443'],
    ['an asterisk', '*'],
    ['an empty one', ''],
    ['one that names a host', '//evil.example/connections'],
    ['one with a fragment', '/connections#x'],
    ...['/a/./b', '/a/../b', '/..', '/.', '/./', '/a/%2e/b', '/a/%2E%2e/b', '/a/.%2e/b', '/a/%2e./b', '/%2e%2e'].map(
      (target) => [`the dot segment of ${target}`, target] as const,
    ),
  ])('is refused: %s', (_what, target) => {
    expect(() => read(target)).toThrow(
      expect.objectContaining({ constructor: PatchbayError, code: 'invalid_request' }),
    );
  });

  it.each(['/', '/connections?a=../b', '/a/...', '/a/.well-known', '/a/b.', '/a?b=//c', '/a;b=../c'])(
    'is taken as it came: %s',
    (target) => {
      expect(read(target).descriptor.targetUri).toBe(ORIGIN + target);
    },
  );

  it('never resolves to another origin or path than the one it spells', () => {
    const piece = fc.constantFrom('/', '.', '%2e', '%2E', '\\', '@', ':', '?', '//', 'a', '%2f', ';', '%5c', '..');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const target = pieces.join('');
        let uri: string;
        try {
          uri = read(target).descriptor.targetUri;
        } catch (error) {
          expect(error).toBeInstanceOf(PatchbayError);
          return;
        }
        expect(new URL(uri).origin).toBe(ORIGIN);
        if (!target.includes('\\')) expect(new URL(uri).pathname).toBe(target.split('?', 1)[0]);
      }),
    );
  });
});

describe('A header', () => {
  it.each([
    ...['Host', 'Authorization', 'Content-Type', 'Signature', 'Signature-Input', 'Content-Digest', 'Cookie', 'Origin'],
    ...['Content-Length', 'Content-Encoding', 'Transfer-Encoding'],
  ])('is refused twice, in whatever case: %s', (name) => {
    expect(() => read('/', [name, 'a', name.toUpperCase(), 'a'])).toThrow(PatchbayError);
  });

  it('that may stand twice is kept twice, in order', () => {
    const { fields } = read('/', ['X-More', 'a', 'x-more', 'b']).descriptor;
    expect(fields).toEqual([
      { name: 'x-more', value: 'a' },
      { name: 'x-more', value: 'b' },
    ]);
  });

  it('that is not ASCII can’t be signed, and doesn’t keep the others from it', () => {
    const { fields } = read('/', ['Cookie', 'name=café', 'Date', 'today']).descriptor;
    expect(fields).toEqual([{ name: 'date', value: 'today' }]);
  });

  it('of any value ends in a request or a PatchbayError', () => {
    const header = fc.tuple(fc.constantFrom('Host', 'Signature', 'X-More', '__proto__'), anyText());
    fc.assert(
      fc.property(fc.array(header), fc.string(), (headers, target) => {
        try {
          read(target, headers.flat());
        } catch (error) {
          expect(error).toBeInstanceOf(PatchbayError);
        }
      }),
    );
  });
});
