import type { ServerResponse } from 'node:http';

export interface TokenDelay {
  readonly ms: number;
  /** `after`: the server has acted and only its answer is late; `before`: it hasn't yet. */
  readonly when: 'before' | 'after';
}

/** Lets token requests act one at a time, and late when told so. */
export class TokenGate {
  delay: TokenDelay = { ms: 0, when: 'after' };
  #last: Promise<void> = Promise.resolve();

  /** @returns whether `act` was called: never for a client that went before it */
  async pass(response: ServerResponse, act: () => Promise<void>): Promise<boolean> {
    const { ms, when } = this.delay;
    if (when === 'before' && !(await stays(response, ms))) return false;
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => undefined);
    await turn;
    if (when === 'after') await stays(response, ms);
    return true;
  }
}

/** Waits; false, and at once, when the client goes. */
function stays(response: ServerResponse, ms: number): Promise<boolean> {
  if (ms === 0 || response.destroyed) return Promise.resolve(!response.destroyed);
  return new Promise((resolve) => {
    const settle = (stays: boolean) => () => {
      clearTimeout(timer);
      response.off('close', onClose);
      resolve(stays);
    };
    const onClose = settle(false);
    const timer = setTimeout(settle(true), ms);
    response.once('close', onClose);
  });
}
