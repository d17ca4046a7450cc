import type { Request } from 'express';
import { readdirSync } from 'node:fs';
import { relative, sep } from 'node:path';

/** Probes come every second or so; the documentation's page brings files of its own; browsers ask for icons unbidden. */
const FREE_PATHS = /^\/(?:health(?:\/(?:live|ready))?\/?|docs(?:\/[\w.-]*)?|favicon\.ico)$/i;

/**
 * Tells which requests spend nobody's budget: health probes, and the files of the page and of the documentation. What
 * only looks like one of them counts, like anything else that isn't there.
 * @param pageFolder the built page; undefined when there is none
 */
export function uncounted(pageFolder: string | undefined): (request: Request) => boolean {
  const files = new Set(pageFolder === undefined ? [] : ['/', ...filePaths(pageFolder)]);
  return ({ method, path }) => (method === 'GET' || method === 'HEAD') && (FREE_PATHS.test(path) || files.has(path));
}

function filePaths(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `/${relative(folder, `${parentPath}${sep}${name}`).split(sep).join('/')}`);
}
