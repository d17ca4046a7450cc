/** So many calls at a time, and the others in line. Whoever waits leaves when its own deadline ends, or when all are sent away. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<Waiter>();

  constructor(count: number) {
    this.#free = count;
  }

  /** @returns undefined when there is one at once. Rejects with the signal's reason, or that of `sendAway` */
  take(signal: AbortSignal): Promise<void> | undefined {
    if (this.#free === 0) return this.#wait(signal);
    this.#free -= 1;
    return undefined;
  }

  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next.go();
  }

  sendAway(reason: () => Error): void {
    for (const waiter of this.#waiting) waiter.leave(reason());
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#waiting.delete(waiter);
        signal.removeEventListener('abort', hangUp);
      };
      const hangUp = () => waiter.leave(signal.reason as Error);
      const waiter: Waiter = {
        go: () => {
          end();
          resolve();
        },
        leave: (reason) => {
          end();
          reject(reason);
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener('abort', hangUp);
    });
  }
}

interface Waiter {
  go(): void;
  leave(reason: Error): void;
}
