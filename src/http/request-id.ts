import type { NextFunction, Request, Response } from 'express';
import { randomUUID } from 'node:crypto';

const SANE = /^[A-Za-z0-9._-]{8,128}$/;
const HEADER = 'X-Request-Id';

/** Gives every request an id: the caller's own when it sent a sane one, else a new one. It is on every answer. */
export function requestId(request: Request, response: Response, next: NextFunction): void {
  response.setHeader(HEADER, saneRequestId(request.headers['x-request-id']) ?? randomUUID());
  next();
}

/** @returns undefined for what isn't fit to be repeated */
export function saneRequestId(sent: unknown): string | undefined {
  return typeof sent === 'string' && SANE.test(sent) ? sent : undefined;
}

export function requestIdOf(response: Response): string {
  const id = response.getHeader(HEADER);
  return typeof id === 'string' ? id : '';
}
