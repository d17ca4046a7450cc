import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { PatchbayError, type FieldProblem } from '../errors/patchbay-error.ts';

/** Validates every body, query and path parameter against its DTO. Unknown members are refused, never dropped. */
export function validation(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    // Values stay out of errors, and so out of answers and logs.
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => {
      const fields = errors.slice(0, 20).map(fieldProblem);
      const names = fields.map(({ field, problem }) => `${field} ${problem}`).join('; ');
      return new PatchbayError('invalid_request', `The request is not valid: ${names}.`, { fields });
    },
  });
}

function fieldProblem(error: ValidationError): FieldProblem {
  const field = shown(error.property);
  const [[rule, message] = ['', '']] = Object.entries(error.constraints ?? {});
  if (rule === 'whitelistValidation') return { field, problem: 'is not a known field' };
  return { field, problem: message === '' ? 'is not valid' : message };
}

/** A member's name comes from outside: short, and without control characters. */
function shown(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 64);
}
