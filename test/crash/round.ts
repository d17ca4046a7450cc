import type { Blow } from './crash-job.ts';
import type { ProcessLife } from './crashed-process.ts';

export type Work = 'refresh' | 'first connect' | 'reconnect' | 're-seal';

/**
 * `corrupt` a record that doesn't open; `lost` a connection that neither works nor says truthfully why; `reuse` a refresh
 * token or code that was presented more often than the kill explains; `double` two connections of one account.
 */
export type ProblemKind = 'corrupt' | 'lost' | 'reuse' | 'double';

export interface Problem {
  readonly kind: ProblemKind;
  readonly what: string;
}

/** One kill, and what was found after it. */
export interface Round {
  readonly store: 'sqlite' | 'redis';
  readonly work: Work;
  /** The last step that was begun, with its number. */
  readonly step: string;
  readonly when: Blow['when'];
  /** `renew`: the next caller was told that the account must be connected again. */
  readonly result: 'recovered' | 'renew' | 'broken';
  readonly problems: readonly Problem[];
  readonly reuses: number;
  /** Grants that the provider has given and nobody holds. */
  readonly orphans: number;
  /** From the kill until somebody else could have the lease; absent where there is none. */
  readonly leaseMs?: number;
  /** Whether nobody else could have the lease at once. */
  readonly leftLease?: boolean;
  /** From the kill until its next caller had an answer. */
  readonly answeredMs?: number;
}

export class Findings {
  readonly problems: Problem[] = [];

  expect(holds: boolean, kind: ProblemKind, what: string): void {
    if (!holds) this.problems.push({ kind, what });
  }
}

/** Where a process was when it died. */
export function strickenAt(life: ProcessLife, blow: Blow | undefined): Pick<Round, 'step' | 'when'> {
  const last = life.steps.at(-1) ?? '0 nothing yet';
  if (blow !== undefined) return { step: life.steps[blow.step - 1] ?? last, when: blow.when };
  const underWay = life.steps.findLast((step) => !life.done.has(step));
  return underWay === undefined ? { step: last, when: 'after' } : { step: underWay, when: 'during' };
}

/** The first step of that kind after another. */
export function stepOf({ steps }: ProcessLife, kind: RegExp, after?: string): string | undefined {
  const from = after === undefined ? 0 : steps.indexOf(after) + 1;
  return steps.slice(from).find((step) => kind.test(step));
}

/** Whether the step may have taken effect, and whether it surely has. */
export function effectOf(life: ProcessLife, blow: Blow | undefined, step: string | undefined) {
  if (step === undefined) return { may: false, surely: false };
  if (life.done.has(step)) return { may: true, surely: true };
  const stricken = strickenAt(life, blow);
  if (stricken.step !== step) return { may: true, surely: false };
  return { may: stricken.when !== 'before', surely: stricken.when === 'after' };
}
