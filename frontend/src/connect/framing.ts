/**
 * Where the page stands: in a window of its own, within a page of this site, or within one of another site, where
 * browsers keep the cookie from us that binds a provider's answer to this browser.
 */
export type Framing = 'top' | 'framed' | 'framed_elsewhere';

const PROBE = 'patchbay.framed';

export function readFraming(page: { isFramed: boolean; cookies: { cookie: string } }): Framing {
  if (!page.isFramed) return 'top';
  return keepsCookies(page.cookies) ? 'framed' : 'framed_elsewhere';
}

/** What a site is, only the browser knows: it is tried with a cookie of the same kind (SameSite=Lax). */
function keepsCookies(page: { cookie: string }): boolean {
  try {
    page.cookie = `${PROBE}=1; SameSite=Lax; Path=/connect; Max-Age=5`;
    const isKept = page.cookie.includes(`${PROBE}=1`);
    page.cookie = `${PROBE}=; SameSite=Lax; Path=/connect; Max-Age=0`;
    return isKept;
  } catch {
    // A frame that is sandboxed without an origin has no cookies at all.
    return false;
  }
}
