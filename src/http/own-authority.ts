import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { PatchbayError } from '../errors/patchbay-error.ts';

export interface Authorities {
  /** Origin people and providers see. */
  readonly publicUrl: string;
  readonly allowedOrigins: readonly string[];
  /** Where the process listens, when that is a loopback address: then every loopback name with its port is its own. */
  readonly loopbackPort?: number;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Two walls against other people's pages, for browsers reach even what listens on loopback: a Host that isn't ours (DNS
 * rebinding) is refused, and so is a writing request that a page of another origin made the browser send.
 */
export function requireOwnAuthority(own: Authorities): RequestHandler {
  const loopback =
    own.loopbackPort === undefined ? [] : LOOPBACK_NAMES.map((name) => `${name}:${own.loopbackPort ?? ''}`);
  const hosts = new Set([own.publicUrl, ...own.allowedOrigins].map((origin) => new URL(origin).host).concat(loopback));
  const origins = new Set([own.publicUrl, ...own.allowedOrigins, ...loopback.map((host) => `http://${host}`)]);
  return (request: Request, _response: Response, next: NextFunction): void => {
    // A probe knows the process by its address, and learns no more than that it lives.
    if (!hosts.has(request.headers.host ?? '') && !/^\/health(?:\/|$)/.test(request.path)) {
      throw new PatchbayError('forbidden', 'This host name is not one of PUBLIC_URL or ALLOWED_ORIGINS.');
    }
    if (isWriting(request) && isFromElsewhere(request, origins)) {
      throw new PatchbayError('forbidden', 'This origin is not one of ALLOWED_ORIGINS.');
    }
    next();
  };
}

function isWriting(request: Request): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
}

/** Browsers alone send these headers, and no script of a page can change them (Fetch, "forbidden request-header"). */
function isFromElsewhere(request: Request, origins: ReadonlySet<string>): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) return !origins.has(origin);
  return request.headers['sec-fetch-site'] === 'cross-site';
}
