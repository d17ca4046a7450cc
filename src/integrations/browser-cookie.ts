import type { CookieOptions, Request, Response } from 'express';
import { BrowserBinding } from '../connections/browser-binding.ts';
import { AUTHORIZATION_TTL_SECONDS } from '../connections/pending-authorization.ts';

/** `__Host-` makes the browser refuse a cookie of this name from anyone but this very host (RFC 6265bis §4.1.3.2). */
function cookieName(secure: boolean): string {
  return secure ? '__Host-patchbay_browser' : 'patchbay_browser';
}

/** @returns undefined when the browser holds none, or one that isn't ours */
export function readBrowserBinding(request: Request, secure: boolean): BrowserBinding | undefined {
  const prefix = `${cookieName(secure)}=`;
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix));
  return values.length === 1 ? BrowserBinding.fromCookie(values[0]?.slice(prefix.length)) : undefined;
}

/** One value per browser, so that several authorizations can be under way in it. Each use starts its life anew. */
export function keepBrowserBinding(request: Request, response: Response, secure: boolean): BrowserBinding {
  const binding = readBrowserBinding(request, secure) ?? BrowserBinding.create();
  const options: CookieOptions = {
    httpOnly: true,
    // Strict would be left behind on the way back from the provider.
    sameSite: 'lax',
    secure,
    path: '/',
    maxAge: AUTHORIZATION_TTL_SECONDS * 1000,
  };
  response.cookie(cookieName(secure), binding.value.reveal(), options);
  return binding;
}
