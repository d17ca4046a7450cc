import type { Request, Response } from 'express';
import { readdirSync } from 'node:fs';
import { extname, relative, sep } from 'node:path';

/** By the coding's name (RFC 9110 §8.4.1), the better first. */
const SUFFIXES: Readonly<Record<string, string>> = { br: '.br', gzip: '.gz' };

/** The paths of a folder's files, as a request names them. */
export function filePaths(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `/${relative(folder, `${parentPath}${sep}${name}`).split(sep).join('/')}`);
}

/**
 * Leads a request for a file to a form of it that was compressed when the page was built, where there is one that the client
 * takes. Nothing that is secret lies beside what a stranger could put into these files (BREACH).
 */
export function preferCompressed(folder: string): (request: Request, response: Response) => void {
  const files = new Set(filePaths(folder));
  return (request, response) => {
    const { url } = request;
    const codings = Object.keys(SUFFIXES).filter((coding) => files.has(`${url}${SUFFIXES[coding] ?? ''}`));
    if (codings.length === 0) return;
    response.vary('Accept-Encoding');
    const coding = request.acceptsEncodings(codings);
    if (coding === false || coding === 'identity') return;
    response.type(extname(url));
    response.setHeader('Content-Encoding', coding);
    request.url = `${url}${SUFFIXES[coding] ?? ''}`;
  };
}
