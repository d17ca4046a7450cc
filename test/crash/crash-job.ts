/** Where in its work a process kills itself: right before a step, as soon as it is under way, or once it is done. */
export interface Blow {
  /** Counted from 1, over all the work's steps. */
  readonly step: number;
  readonly when: 'before' | 'during' | 'after';
}

export type StorePlace =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'redis'; readonly url: string };

export type Task =
  | { readonly kind: 'refresh'; readonly orgId: string; readonly connectionId: string }
  | { readonly kind: 'callback'; readonly state: string; readonly code: string }
  /** @see reseal */
  | { readonly kind: 'reseal'; readonly encryptionKeys: string };

/** What a process that is to crash is told, as its one argument. */
export interface CrashJob {
  readonly store: StorePlace;
  readonly encryptionKeys: string;
  readonly providerUrl: string;
  readonly task: Task;
  /** Absent: it works on, and somebody else kills it or nobody. */
  readonly blow?: Blow;
}

/** The owner of a round's connection: each has its own, so that no round sees another's. */
export function ownerOf(orgId: string): { readonly orgId: string; readonly userId: string } {
  return { orgId, userId: 'ann' };
}

/** How a process tells, a line each, where it is: the step it begins, the step it has done, and that all is done. */
export const SIGNS = { ready: 'ready', begins: '>', done: '<', finished: 'finished' } as const;
