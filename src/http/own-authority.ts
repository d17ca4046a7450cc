import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { AppConfig } from '../config/app-config.ts';
import { isLoopbackHost } from '../config/formats.ts';
import { METRICS_PATH, isScraper } from '../callers/scraper.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Secret } from '../errors/secret.ts';

const PROBES = /^\/health\/(?:live|ready)\/?$/;
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Origins by the authority that a request for them names: the configured ones, and every loopback name we listen on. */
export function ownOrigins(config: AppConfig): ReadonlyMap<string, string> {
  const { publicUrl, allowedOrigins, host, port } = config;
  const loopback = isLoopbackHost(host) ? LOOPBACK_NAMES.map((name) => `http://${name}:${port}`) : [];
  return new Map([...loopback, ...allowedOrigins, publicUrl].map((origin) => [new URL(origin).host, origin]));
}

/**
 * Two walls against other people's pages, for browsers reach even what listens on loopback: a Host that isn't ours (DNS
 * rebinding) is refused, and so is a writing request that a page of another origin made the browser send.
 */
export function requireOwnAuthority(
  own: ReadonlyMap<string, string>,
  metricsToken: Secret | undefined,
): RequestHandler {
  const origins = new Set(own.values());
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (!own.has(request.headers.host ?? '') && !isFromInside(request, metricsToken)) {
      throw new PatchbayError('forbidden', 'This host name is not one of PUBLIC_URL or ALLOWED_ORIGINS.');
    }
    if (isWriting(request) && isFromElsewhere(request, origins)) {
      throw new PatchbayError('forbidden', 'This origin is not one of ALLOWED_ORIGINS.');
    }
    next();
  };
}

/**
 * Who knows the process by its address and not by its name: a probe, which learns no more than that it lives and is ready
 * (`/health` itself is for people), and whoever collects metrics, with the token for it, which no page of others has.
 */
function isFromInside(request: Request, metricsToken: Secret | undefined): boolean {
  if (PROBES.test(request.path)) return true;
  return request.path === METRICS_PATH && isScraper(request, metricsToken);
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
