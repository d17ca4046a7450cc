import type { Request, Response } from 'express';
import type { AuthorizationResult } from '../connections/authorization-flow.ts';
import { STATUS_BY_ERROR_CODE, type ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { callbackPage, type CallbackMessage } from './callback-page.ts';
import type { IntegrationDescriptor } from './integration-descriptor.ts';
import { withResult } from '../callers/return-url.ts';

/** Answers the browser that came back from a provider. */
export class CallbackAnswer {
  readonly #descriptor: IntegrationDescriptor;
  readonly #openerOrigins: readonly string[];

  constructor(descriptor: IntegrationDescriptor, openerOrigins: readonly string[]) {
    this.#descriptor = descriptor;
    this.#openerOrigins = openerOrigins;
  }

  result(response: Response, result: AuthorizationResult): void {
    const { status, error, connectionId: connection_id, state, returnUrl } = result;
    if (returnUrl !== undefined) {
      const query = { status, connection_id, error };
      response.set(PRIVATE_HEADERS).redirect(303, withResult(returnUrl, query));
      return;
    }
    this.#page(response, statusOf(result), {
      ...(error === undefined ? {} : { error }),
      ...(connection_id === undefined ? {} : { connection_id }),
      status,
      state,
    });
  }

  /**
   * A response that belongs to no authorization of ours. A person gets the page; whoever doesn't ask for one gets the
   * error envelope like everywhere else.
   */
  refusal(request: Request, response: Response, error: unknown): void {
    if (!(error instanceof PatchbayError) || request.headers.accept?.includes('text/html') !== true) throw error;
    this.#page(response, error.status, { status: 'failed', error: error.code }, error.message);
  }

  #page(
    response: Response,
    httpStatus: number,
    told: Omit<CallbackMessage, 'type' | 'integration'>,
    why?: string,
  ): void {
    const { name, displayName } = this.#descriptor;
    const message: CallbackMessage = { type: 'patchbay.connection', integration: name, ...told };
    const { html, contentSecurityPolicy } = callbackPage(displayName, message, this.#openerOrigins, why);
    response
      .status(httpStatus)
      .set(PRIVATE_HEADERS)
      .set('Content-Security-Policy', contentSecurityPolicy)
      .type('html')
      .send(html);
  }
}

const PRIVATE_HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // The popup must keep its way to the page that opened it.
  'Cross-Origin-Opener-Policy': 'unsafe-none',
};

/** A no of the person is an answer like any other; a failure says whose it was. */
function statusOf(result: AuthorizationResult): number {
  if (result.status !== 'failed') return 200;
  return STATUS_BY_ERROR_CODE[(result.error ?? 'provider_error') as ErrorCode];
}
