import { STATUS_BY_ERROR_CODE, type ErrorCode } from './error-code.ts';

/** One thing wrong with one field of a request. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** What an error may tell its reader beyond its message. Never a secret, a stack or a provider's raw body. */
export interface ErrorDetails {
  readonly fields?: readonly FieldProblem[];
  /** Seconds until another try makes sense. Also sent as `Retry-After`. */
  readonly retry_after?: number;
  readonly integration?: string;
  readonly provider_status?: number;
  /** The provider's own code for what it refused, such as `missing_scope`; never its free text. */
  readonly provider_reason?: string;
  readonly connection_id?: string;
  /** Methods the path does answer; also sent as `Allow`. */
  readonly allow?: readonly string[];
}

/** The one error type that crosses rooms. The error filter alone turns it into an HTTP answer. */
export class PatchbayError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PatchbayError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return STATUS_BY_ERROR_CODE[this.code];
  }
}

/** Why something failed, in a word for the log: an error's code, and nothing of what a foreign error says. */
export function reasonOf(error: unknown): string {
  return error instanceof PatchbayError ? error.code : 'unexpected';
}
