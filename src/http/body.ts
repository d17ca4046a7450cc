import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { isJsonObject } from '../errors/json-object.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { ForbiddenName, UNSUPPORTED_MEDIA_TYPE } from './known-error.ts';

export const MAX_BODY_BYTES = 100 * 1024;
const MAX_FORM_MEMBERS = 200;
/** Far more than any request needs, far less than what makes a recursive reader run out of stack. */
const MAX_DEPTH = 16;

/** Names through which a plain object's behaviour could be changed. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a body as JSON or as a form, up to 100 KB, uncompressed. What is neither is refused here, so that a handler only
 * ever sees an object: an absent body is an empty one.
 */
export function readBody(): readonly RequestHandler[] {
  const limits = { limit: MAX_BODY_BYTES, inflate: false };
  return [
    express.json({ ...limits, type: 'application/json', strict: true, reviver: refuseForbiddenName }),
    express.urlencoded({ ...limits, extended: false, parameterLimit: MAX_FORM_MEMBERS }),
    requireObject,
  ];
}

function refuseForbiddenName(name: string, value: unknown): unknown {
  if (FORBIDDEN_NAMES.has(name)) throw new ForbiddenName(name);
  return value;
}

function requireObject(request: Request, _response: Response, next: NextFunction): void {
  const body: unknown = request.body;
  if (body === undefined) {
    if (hasBody(request)) throw new PatchbayError('unsupported_media_type', UNSUPPORTED_MEDIA_TYPE);
    request.body = {};
  } else if (!isJsonObject(body)) {
    throw new PatchbayError('invalid_request', 'The body must be a JSON object.');
  } else {
    if (isDeeper(body, MAX_DEPTH)) throw new PatchbayError('invalid_request', 'The body is nested too deeply.');
    for (const name of Object.keys(body)) if (FORBIDDEN_NAMES.has(name)) throw new ForbiddenName(name);
  }
  next();
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** RFC 9112 §6: a body is announced by either header. */
function hasBody(request: Request): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}
