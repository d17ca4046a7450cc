import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { preferCompressed } from './page-files.ts';

/** The built frontend, wherever this file runs from. @returns undefined when it isn't built */
export function findPage(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const page = join(folder, 'frontend', 'dist');
    if (existsSync(join(page, 'index.html'))) return page;
  }
  return undefined;
}

/** The page's addresses, which it has in a list too (`frontend/src/shell/pages.ts`). */
export const PAGE_PATHS: readonly string[] = ['/', '/connect', '/explore', '/status'];

/** The one page that others may show within theirs: what a connect link opens. */
export const FRAMED_PATH = '/connect';

/** In which what is seen first at the address is drawn already. */
function documentOf(path: string): string {
  return path === '/' ? '/index.html' : `${path}.html`;
}

/** Serves the page's files. Their names carry a hash of their content, so browsers may keep them for good. */
export function servePage(folder: string): RequestHandler {
  const serve = express.static(folder, {
    etag: true,
    setHeaders: (response: Response, path: string) => {
      const hashed = path.includes(join(folder, 'assets'));
      response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const prefer = preferCompressed(folder);
  return (request, response, next) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    // By its name: `/` would be taken for a folder and sent on to an address with a slash at its end.
    // What is behind the ? is the page's own business too, and no reason for another file.
    if (isReading && PAGE_PATHS.includes(request.path)) request.url = documentOf(request.path);
    if (isReading) prefer(request, response);
    void serve(request, response, next);
  };
}

/**
 * The page, its cookie and its messages belong to one origin. Whoever opens it by another name of the same machine
 * (127.0.0.1 for localhost) is sent to the one that providers send people back to.
 */
export function openAtPublicUrl(publicUrl: string, allowedOrigins: readonly string[]): RequestHandler {
  const hosts = new Set([publicUrl, ...allowedOrigins].map((origin) => new URL(origin).host));
  return (request: Request, response: Response, next: NextFunction): void => {
    const isPage = request.method === 'GET' && PAGE_PATHS.includes(request.path);
    if (isPage && !hosts.has(request.headers.host ?? '')) response.redirect(302, publicUrl + request.path);
    else next();
  };
}
