import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';

/*
 * Bodies come as JSON, where a value has a type, or as a form, where it is text. These give a form's text the type the
 * member has, and leave everything else for validation to judge.
 */

/** A member that may be left out. A null means that it was: no handler ever sees one. */
export function optional(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => value ?? undefined),
  );
}

/** A member that is a list: a form that names it once means a list of one. */
export const listOf = Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value));

/** A member that is a whole number. */
export const wholeNumber = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
);
