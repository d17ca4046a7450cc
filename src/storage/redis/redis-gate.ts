import { performance } from 'node:perf_hooks';
import { storageUnavailable } from '../storage-unavailable.ts';
import { COMMAND_TIMEOUT_MS, type RedisClient } from './redis-client.ts';

/** A deadline is waited for in so many turns of the event loop, so that our own stall isn't taken for Redis' silence. */
const STEPS = 5;

/**
 * Puts a deadline on every question to Redis. While the connection is just being made or was lost a moment ago, callers
 * wait for it inside their deadline; in a longer outage they are refused at once. A command that was given up before it
 * could be sent is never sent.
 */
export class RedisGate {
  readonly #client: RedisClient;
  readonly #deadlineMs: number;
  readonly #waiting = new Set<() => void>();
  readonly #onIdle: (() => void)[] = [];
  #underWay = 0;
  #isShut = false;
  /** `performance.now()` of the loss; undefined while connected. */
  #lostAt: number | undefined = performance.now();

  constructor(client: RedisClient, deadlineMs = COMMAND_TIMEOUT_MS) {
    this.#client = client;
    this.#deadlineMs = deadlineMs;
    if (client.status === 'ready') this.#lostAt = undefined;
    client.on('ready', () => this.#open());
    client.on('close', () => {
      this.#lostAt ??= performance.now();
    });
  }

  /** @throws PatchbayError `storage_unavailable` when the answer is an error or none comes within the deadline. */
  ask<T>(send: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    return new Promise<T>((resolve, reject) => {
      const fail = (cause: unknown): void => {
        settle();
        reject(storageUnavailable(withoutArguments(cause)));
      };
      const go = (): void => {
        send().then((answer) => {
          settle();
          resolve(answer);
        }, fail);
      };
      let stepsLeft = STEPS;
      const timer = setTimeout(() => {
        stepsLeft -= 1;
        if (stepsLeft > 0) timer.refresh();
        else fail(new Error(`Redis gave no answer in ${this.#deadlineMs} ms.`));
      }, this.#deadlineMs / STEPS);
      const settle = this.#settleOnce(timer, go);
      if (this.#isShut) fail(new Error('The store was closed.'));
      else if (this.#client.status === 'ready') go();
      else if (this.#isWorthWaiting()) this.#waiting.add(go);
      else fail(new Error('Redis is not connected.'));
    });
  }

  /** Resolves when no question is under way. */
  idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  /** From here on every question is refused at once. */
  shut(): void {
    this.#isShut = true;
  }

  #settleOnce(timer: NodeJS.Timeout, go: () => void): () => void {
    let settled = false;
    return () => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      this.#waiting.delete(go);
      this.#underWay -= 1;
      if (this.#underWay === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    };
  }

  #isWorthWaiting(): boolean {
    if (this.#client.status === 'end') return false;
    return this.#lostAt === undefined || performance.now() - this.#lostAt < this.#deadlineMs;
  }

  #open(): void {
    this.#lostAt = undefined;
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }
}

/** ioredis hangs the command with its arguments, values among them, on its errors: they must not reach a log. */
function withoutArguments(cause: unknown): unknown {
  if (cause instanceof Error && 'command' in cause) delete cause.command;
  return cause;
}
