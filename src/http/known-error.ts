import { HttpException } from '@nestjs/common';
import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
};

export const UNSUPPORTED_MEDIA_TYPE =
  'Send the body as application/json or application/x-www-form-urlencoded, in UTF-8, uncompressed.';

/** Words of ours in place of a library's: those of a parser quote the body. */
const MESSAGES: Partial<Record<ErrorCode, string>> = {
  invalid_request: 'The request could not be read. Is its body well-formed, and of the type it says?',
  forbidden: 'This is not allowed.',
  not_found: 'There is nothing here.',
  method_not_allowed: 'This path does not answer to this method.',
  payload_too_large: 'The body is larger than 100 KB.',
  unsupported_media_type: UNSUPPORTED_MEDIA_TYPE,
  rate_limited: 'Too many requests.',
};

/** A member through whose name a plain object's behaviour could be changed. Not yet a PatchbayError: a parser may mark it. */
export class ForbiddenName extends Error {
  override readonly name = 'ForbiddenName';
  readonly field: string;

  constructor(field: string) {
    super('The request has a field that is not accepted.');
    this.field = field;
  }
}

/** The error that is meant, or undefined for one nobody foresaw: a bug, or a part that broke. */
export function knownError(error: unknown): PatchbayError | undefined {
  if (error instanceof PatchbayError) return error;
  if (error instanceof ForbiddenName) {
    const fields = [{ field: error.field, problem: 'is not a name that is accepted' }];
    return new PatchbayError('invalid_request', error.message, { fields });
  }
  const status = statusOf(error);
  const code = status === undefined ? undefined : CODE_BY_STATUS[status];
  return code === undefined ? undefined : new PatchbayError(code, MESSAGES[code] ?? '', {}, { cause: error });
}

export function unexpectedError(cause: unknown): PatchbayError {
  const message = 'Something went wrong on our side. The request id finds it in the log.';
  return new PatchbayError('internal_error', message, {}, { cause });
}

/** Nest's exceptions have a status, and so do those of Express's parsers (http-errors) when they expose it. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error)) return undefined;
  const { status, expose } = error as Error & { status?: unknown; expose?: unknown };
  if (error instanceof URIError) return 400;
  return typeof status === 'number' && expose === true ? status : undefined;
}
