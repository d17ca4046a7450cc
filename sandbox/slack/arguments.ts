import type { Call } from '../core/message.ts';

/** An argument of a method, from the form or the query; `null` when it is absent. */
export function argument(call: Call, name: string): string | null {
  return call.form.get(name) ?? call.query.get(name);
}

export function flag(call: Call, name: string): boolean {
  return ['1', 'true'].includes(argument(call, name) ?? '');
}
