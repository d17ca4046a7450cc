import type { Request } from 'express';
import { bringsBody } from '../body.ts';
import { filePaths } from '../page-files.ts';
import { PAGE_PATHS } from '../page.ts';
import { METRICS_PATH, isScraper } from '../../callers/scraper.ts';
import type { Secret } from '../../errors/secret.ts';

/** Probes come every second or so; the documentation's page brings files of its own; browsers ask for icons unbidden. */
const FREE_PATHS = /^\/(?:health(?:\/(?:live|ready))?\/?|docs(?:\/[\w.-]*)?|favicon\.ico)$/i;

/**
 * Tells which requests spend nobody's budget: health probes, and the files of the page and of the documentation. What
 * only looks like one of them counts, like anything else that isn't there. One Prometheus asks all replicas from one address:
 * with its token it isn't counted either.
 * @param pageFolder the built page; undefined when there is none
 */
export function uncounted(pageFolder: string | undefined, metricsToken?: Secret): (request: Request) => boolean {
  const files = new Set(pageFolder === undefined ? [] : [...PAGE_PATHS, ...filePaths(pageFolder)]);
  return (request) => {
    const { method, path } = request;
    if (method !== 'GET' && method !== 'HEAD') return false;
    // None of these has a use for a body; one that drips would take a place for nothing.
    if (bringsBody(request)) return false;
    return FREE_PATHS.test(path) || files.has(path) || (path === METRICS_PATH && isScraper(request, metricsToken));
  };
}
