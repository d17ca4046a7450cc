import { Logger } from '@nestjs/common';
import type { RequestGate } from './request-gate.ts';

/** Shedding that pauses for less is still the same. */
const QUIET_SAMPLES = 50;

/** Says once when a process begins to refuse requests for its load, and once when that is over. */
export class SheddingReport {
  readonly #log = new Logger('Process');
  readonly #gate: RequestGate;
  #seen = 0;
  #before = 0;
  #quiet = 0;
  #isShedding = false;

  constructor(gate: RequestGate) {
    this.#gate = gate;
  }

  get isShedding(): boolean {
    return this.#isShedding;
  }

  /** Ten times a second. */
  look(): void {
    const { overloaded } = this.#gate.refused;
    const isNew = overloaded > this.#seen;
    this.#quiet = isNew ? 0 : this.#quiet + 1;
    if (isNew && !this.#isShedding) this.#begin();
    this.#seen = overloaded;
    if (this.#isShedding && this.#quiet >= QUIET_SAMPLES) this.#end(overloaded);
  }

  #begin(): void {
    this.#isShedding = true;
    this.#before = this.#seen;
    const { inFlight, waiting } = this.#gate;
    this.#log.warn({ msg: 'overloaded: requests are refused', in_flight: inFlight, waiting });
  }

  #end(overloaded: number): void {
    this.#isShedding = false;
    this.#log.log({ msg: 'no longer overloaded', refused: overloaded - this.#before });
  }
}
