// Jest sequencer: longest files first, so that no worker idles at the end. With `--randomize`, files run in an order drawn
// by the seed, like the tests within them.
import { createHash } from 'node:crypto';
import Sequencer from '@jest/test-sequencer';

/** Where nothing has run yet, no durations are known: a file of an earlier tier is taken for longer. */
const TIERS = ['browser', 'faults', 'crash', 'product', 'unit'];

const tierOf = ({ context }) => TIERS.indexOf(context.config.displayName?.name);

export default class LongestFirst extends Sequencer {
  #seed;

  constructor(options) {
    super(options);
    const { randomize, seed } = options.globalConfig;
    this.#seed = randomize ? seed : undefined;
  }

  sort(tests) {
    if (this.#seed !== undefined) return this.#shuffled(tests);
    // The base class orders by last result, then duration, then file size. Sorting is stable.
    const sorted = super.sort(tests);
    const isKnown = sorted.every(({ duration }) => duration !== undefined);
    return isKnown ? sorted : [...sorted].sort((a, b) => tierOf(a) - tierOf(b));
  }

  #shuffled(tests) {
    const rank = ({ path }) => createHash('sha256').update(`${this.#seed} ${path}`).digest('hex');
    return [...tests].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
}
