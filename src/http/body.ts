import express, { type Request, type RequestHandler } from 'express';
import { parse as parseForm } from 'node:querystring';
import { isJsonObject } from '../errors/json-object.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { ForbiddenName, UNSUPPORTED_MEDIA_TYPE } from './known-error.ts';

export const MAX_BODY_BYTES = 100 * 1024;
const MAX_FORM_MEMBERS = 200;
/** Deeper than any body of ours means something, and shallow enough for whoever walks it by recursion. */
const MAX_DEPTH = 16;

/**
 * Names through which a plain object's behaviour could be changed, and every other that an empty object answers to:
 * validation takes those for members it knows.
 */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** While a body is on its way its request takes a place that others could have. */
const BODY_TIMEOUT_MS = 10_000;

/** Keeps the bytes as they came, up to 100 KB and for 10 s at most: a signature covers those, whatever they mean. */
export function readRawBody(timeoutMs = BODY_TIMEOUT_MS): RequestHandler {
  const read = express.raw({ limit: MAX_BODY_BYTES, inflate: false, type: () => true });
  return (request, response, next) => {
    if (!bringsBody(request)) {
      read(request, response, next);
      return;
    }
    let isOver = false;
    const once = (error?: unknown): void => {
      clearTimeout(timer);
      if (isOver) return;
      isOver = true;
      next(error);
    };
    const timer = setTimeout(() => {
      response.setHeader('Connection', 'close');
      once(new PatchbayError('invalid_request', 'The body did not arrive in time.'));
    }, timeoutMs);
    read(request, response, once);
  };
}

/** RFC 9112 §6.3: by one of these two, whatever the method. */
export function bringsBody({ headers }: Pick<Request, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The bytes that readRawBody kept. */
export function rawBodyOf(request: Request): Buffer {
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/**
 * What the bytes mean: an object, from JSON or from a form. No body is an empty one.
 * @throws PatchbayError `unsupported_media_type`, `invalid_request`; ForbiddenName
 */
export function parseBody(bytes: Buffer, contentType: string | undefined): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-8"?$/.test(charset);
  if (isUtf8 && type.trim() === 'application/json') return parseJson(decode(bytes));
  if (isUtf8 && type.trim() === 'application/x-www-form-urlencoded') return parseMembers(decode(bytes));
  throw new PatchbayError('unsupported_media_type', UNSUPPORTED_MEDIA_TYPE);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable();
  }
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // A parser's own message quotes what it could not read.
    throw unreadable();
  }
  refuseForbiddenNames(parsed);
  if (isJsonObject(parsed)) return parsed;
  throw new PatchbayError('invalid_request', 'The body must be a JSON object.');
}

/**
 * Looks at every name at any depth, level by level.
 * @throws ForbiddenName; PatchbayError `invalid_request` for what is nested too deeply
 */
export function refuseForbiddenNames(value: unknown): void {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new PatchbayError('invalid_request', 'The body is nested too deeply.');
    const objects = level.filter((one) => typeof one === 'object' && one !== null);
    const entries = objects.flatMap((one): [string, unknown][] => Object.entries(one));
    const forbidden = entries.find(([name]) => FORBIDDEN_NAMES.has(name));
    if (forbidden !== undefined) throw new ForbiddenName(forbidden[0]);
    level = entries.map(([, member]) => member);
  }
}

function parseMembers(text: string): Readonly<Record<string, unknown>> {
  if (text.split('&', MAX_FORM_MEMBERS + 1).length > MAX_FORM_MEMBERS) throw unreadable();
  const parsed = parseForm(text, '&', '=', { maxKeys: 0 });
  refuseForbiddenNames(parsed);
  return parsed;
}

function unreadable(): PatchbayError {
  const message = 'The request could not be read. Is its body well-formed, and of the type it says?';
  return new PatchbayError('invalid_request', message);
}
