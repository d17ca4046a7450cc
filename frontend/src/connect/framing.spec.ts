import { describe, expect, it } from '@jest/globals';
import { readFraming } from './framing.ts';

/** A browser's cookies, as far as a page can reach them. */
function cookieJar(keeps: boolean): { cookie: string; written: string[] } {
  const written: string[] = [];
  return {
    written,
    get cookie() {
      return keeps ? (written.at(-1)?.split(';')[0] ?? '') : '';
    },
    set cookie(text: string) {
      written.push(text);
    },
  };
}

describe('Where the page stands', () => {
  it('is a window of its own, which leaves no cookie', () => {
    const cookies = cookieJar(true);
    expect(readFraming({ isFramed: false, cookies })).toBe('top');
    expect(cookies.written).toEqual([]);
  });

  it('is a page of its own site where its cookies are kept, and takes the one it tried away', () => {
    const cookies = cookieJar(true);
    expect(readFraming({ isFramed: true, cookies })).toBe('framed');
    expect(cookies.written.map((text) => text.includes('SameSite=Lax'))).toEqual([true, true]);
    expect(cookies.written.at(-1)).toContain('Max-Age=0');
  });

  it('is a page of another site where they are not', () => {
    expect(readFraming({ isFramed: true, cookies: cookieJar(false) })).toBe('framed_elsewhere');
  });

  it('is elsewhere when cookies are forbidden altogether', () => {
    const cookies = {
      get cookie(): string {
        throw new DOMException('sandboxed', 'SecurityError');
      },
      set cookie(_text: string) {
        throw new DOMException('sandboxed', 'SecurityError');
      },
    };
    expect(readFraming({ isFramed: true, cookies })).toBe('framed_elsewhere');
  });
});
