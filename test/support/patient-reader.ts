import { setTimeout as wait } from 'node:timers/promises';
import { HANG_MS } from './eventually.ts';
import type { Answer } from './http-browser.ts';

/** What somebody met who asked until he was told. */
export interface Reading {
  /** In order: the status, and what went wrong, as in `503 provider_unavailable`. */
  readonly words: readonly string[];
  /** Connections that broke under a request: its replica died. */
  readonly broken: number;
  readonly slowestAnswerMs: number;
  readonly last: Answer;
  readonly tookMs: number;
}

/** One call, to one replica. */
export type Ask = () => Promise<Answer>;

/**
 * Asks as a backend behind a load balancer does: waits as long as a 503 says and asks again, and goes to the next replica
 * when one is gone. Any other answer is the last word, a 503 that doesn't say how long to wait too.
 * @param replicas the same call to each of them, the first one first
 */
export async function readPatiently(replicas: readonly Ask[]): Promise<Reading> {
  const startedAt = performance.now();
  const words: string[] = [];
  let [broken, slowestAnswerMs] = [0, 0];
  for (;;) {
    const askedAt = performance.now();
    const answer = await answered(replicas[broken % replicas.length]);
    slowestAnswerMs = Math.max(slowestAnswerMs, performance.now() - askedAt);
    const tookMs = performance.now() - startedAt;
    if (tookMs > HANG_MS) throw new Error(`No last word after ${tookMs} ms: ${words.join(', ')}`);
    if (answer === undefined) {
      broken += 1;
      await wait(10);
      continue;
    }
    words.push(nameOf(answer));
    const waitSeconds = answer.status === 503 ? Number(answer.headers.get('retry-after') ?? Number.NaN) : Number.NaN;
    if (Number.isNaN(waitSeconds)) return { words, broken, slowestAnswerMs, last: answer, tookMs };
    await wait(waitSeconds * 1000);
  }
}

/** @returns undefined when the connection broke, or can't be made */
async function answered(ask: Ask | undefined): Promise<Answer | undefined> {
  try {
    return await ask?.();
  } catch (error) {
    // What `fetch` has for every trouble below HTTP; no class is asked for, since tests have classes of their own.
    if ((error as { readonly name?: string }).name === 'TypeError') return undefined;
    throw error;
  }
}

function nameOf({ status, json }: Answer): string {
  return typeof json['error'] === 'string' ? `${status} ${json['error']}` : String(status);
}
