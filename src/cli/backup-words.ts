import type { PatchbayError } from '../errors/patchbay-error.ts';
import type { Terminal } from './command.ts';

const MOST_NAMED = 20;

/** "1 connection", "2 connections". */
export function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Records that could not be had, each with its reason: the first of them, and how many more. */
export class Refusals {
  readonly #terminal: Terminal;
  readonly #named: string[] = [];
  #more = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  add(id: string, { message }: PatchbayError): void {
    if (this.#named.length < MOST_NAMED) this.#named.push(`${id}: ${message}`);
    else this.#more += 1;
  }

  tell(): void {
    for (const line of this.#named) this.#terminal.say(line);
    if (this.#more > 0) this.#terminal.say(`and ${this.#more} more.`);
  }
}
