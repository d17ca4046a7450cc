import type { Times } from '../core/timeline.ts';

/** Whether a record, by its times, is one that a formula asks for. */
export type Filter = (times: Times) => boolean;

const AFTER = /^IS_AFTER\((LAST_MODIFIED_TIME|CREATED_TIME)\(\), ?(['"])(\d{4}-[^'"]+)\2\)$/;

/**
 * `IS_AFTER(LAST_MODIFIED_TIME(), '…')`, the same of `CREATED_TIME()`, and `OR(…, …)` of the two: the formulas that find
 * what changed. https://support.airtable.com/docs/formula-field-reference
 * @returns `null` for any other
 */
export function filterOf(formula: string): Filter | null {
  const whole = afterFilter(formula);
  if (whole !== null) return whole;
  const parts = /^OR\((IS_AFTER\(.+\)), ?(IS_AFTER\(.+\))\)$/.exec(formula)?.slice(1).map(afterFilter);
  const [one, other] = parts ?? [];
  return one && other ? (times) => one(times) || other(times) : null;
}

function afterFilter(formula: string): Filter | null {
  const [, what, , text] = AFTER.exec(formula) ?? [];
  const ms = Date.parse(text ?? '');
  if (Number.isNaN(ms)) return null;
  return ({ createdMs, updatedMs }) => (what === 'CREATED_TIME' ? createdMs : updatedMs) > ms;
}
