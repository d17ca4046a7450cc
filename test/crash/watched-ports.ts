import { writeSync } from 'node:fs';
import { OutboundClient } from '../../src/outbound/outbound-client.ts';
import { KeyValueStore } from '../../src/storage/key-value-store.ts';
import { SIGNS, type Blow } from './crash-job.ts';

const STANDARD_OUTPUT = 1;

/** Written at once: what is only buffered dies with the process. */
export function say(line: string): void {
  writeSync(STANDARD_OUTPUT, `${line}\n`);
}

/**
 * Every step of the work begins and ends where it leaves the process: at an operation of the store or a call to the
 * provider. Says each, and kills the process at the one it was told to.
 */
export class Steps {
  readonly #blow: Blow | undefined;
  #count = 0;

  constructor(blow: Blow | undefined) {
    this.#blow = blow;
  }

  watchStore(store: KeyValueStore): KeyValueStore {
    return this.#watch(store, (operation, [target]) => `${operation} ${nameOf(operation, target)}`.trim());
  }

  watchOutbound(outbound: OutboundClient): OutboundClient {
    return this.#watch(outbound, (operation, [request]) => `${operation} ${pathOf(request)}`);
  }

  #watch<Port extends object>(port: Port, label: (operation: string, given: readonly unknown[]) => string): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        const operation = member as (...given: unknown[]) => unknown;
        return (...given: unknown[]) =>
          this.#step(label(String(name), given), () => Reflect.apply(operation, target, given));
      },
    });
  }

  async #step(label: string, run: () => unknown): Promise<unknown> {
    this.#count += 1;
    const step = this.#count;
    say(`${SIGNS.begins} ${step} ${label}`);
    this.#strike(step, 'before');
    const running = run();
    // By then a transaction has been committed, a command sent, a connection begun.
    setImmediate(() => this.#strike(step, 'during'));
    const answer = await running;
    // Some answers are there at once.
    this.#strike(step, 'during');
    this.#strike(step, 'after');
    say(`${SIGNS.done} ${step} ${label}`);
    return answer;
  }

  #strike(step: number, when: Blow['when']): void {
    if (this.#blow?.step === step && this.#blow.when === when) process.kill(process.pid, 'SIGKILL');
  }
}

/** Of the record's collection or the index; leases go by digests, which say nothing. */
function nameOf(operation: string, target: unknown): string {
  if (operation.endsWith('Lease')) return '';
  if (typeof target === 'object' && target !== null && 'collection' in target) return String(target.collection);
  return String(target);
}

function pathOf(request: unknown): string {
  return (request as { readonly url: URL }).url.pathname;
}
