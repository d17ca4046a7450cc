import { Catch, Inject, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Request, Response } from 'express';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { allowedMethods } from './allowed-methods.ts';
import { writeError } from './error-envelope.ts';
import { knownError, unexpectedError } from './known-error.ts';
import { requestIdOf } from './request-id.ts';

/** The only writer of errors: whatever is thrown, guards and unmatched paths included, leaves in the one envelope. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #log = new Logger('Error');

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.write(error, http.getRequest<Request>(), http.getResponse<Response>());
  }

  write(error: unknown, request: Request, response: Response): void {
    // What the caller broke off by hanging up is no failure, and nobody is left to tell.
    if (response.destroyed && isAbort(error)) return;
    const meant = this.#wrongMethod(error, request) ?? knownError(error);
    if (meant === undefined || meant.status >= 500) this.#report(error, response);
    writeError(response, meant ?? unexpectedError(error));
  }

  #wrongMethod(error: unknown, request: Request): PatchbayError | undefined {
    if (!(error instanceof NotFoundException)) return undefined;
    const allow = allowedMethods(this.host.httpAdapter.getInstance<unknown>(), request.path);
    if (allow.length === 0) return undefined;
    const message = `This path answers to ${allow.join(', ')} only.`;
    return new PatchbayError('method_not_allowed', message, { allow });
  }

  /** What the caller isn't told: the stack, and what lies beneath. */
  #report(error: unknown, response: Response): void {
    const request_id = requestIdOf(response);
    if (error instanceof PatchbayError && error.code !== 'internal_error') {
      const { cause } = error;
      const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : undefined;
      this.#log.warn({ msg: error.message, code: error.code, request_id, why });
      return;
    }
    this.#log.error({ msg: 'unexpected error', request_id, err: error });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
