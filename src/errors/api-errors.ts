import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { STATUS_BY_ERROR_CODE, type ErrorCode } from './error-code.ts';

/** Documents the errors an endpoint answers with, grouped by status, in the one envelope. */
export function ApiErrors(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy(new Set<ErrorCode>([...codes, 'internal_error']), (code) => STATUS_BY_ERROR_CODE[code]);
  return applyDecorators(
    ...[...byStatus].map(([status, names]) => {
      const description = names.map((name) => `\`${name}\``).join(', ');
      return ApiResponse({ status, description, schema: { $ref: '#/components/schemas/ErrorEnvelope' } });
    }),
  );
}
