import { PositionExpired, type ProviderPage } from '../../items/item-source.ts';
import { objects, text } from '../../items/provider-values.ts';
import { path } from '../../outbound/provider-path.ts';
import { unlessForgotten } from '../forgotten-position.ts';
import type { ProviderApi } from '../provider-api.ts';
import { cancelledBy, FORGOTTEN_OFFSET, type Cancel } from './airtable.calls.ts';
import { LatestAnswers } from './airtable.latest-answers.ts';
import { airtableBase, type AirtableBase } from './airtable.mapper.ts';
import { readPlace, windowAt, writePlace } from './airtable.window.ts';

/** One answer of "List bases": up to 1000. */
interface BaseList {
  readonly bases: readonly AirtableBase[];
  readonly next: string | undefined;
}

/** So many answers are remembered, and looked through for the name of a base. */
const MOST_LISTS = 10;

/** "List bases". Each type's walk begins with it, so that its answers are kept for the others. */
export class AirtableBases {
  readonly #api: ProviderApi;
  readonly #lists = new LatestAnswers<BaseList>(MOST_LISTS);

  constructor(api: ProviderApi) {
    this.#api = api;
  }

  /** @throws PositionExpired */
  list(offset: string | undefined, signal: Cancel): Promise<BaseList> {
    return this.#lists.get(offset ?? '', () => this.#ask(offset, signal));
  }

  /** The bases as listings: what is in them is read base by base. */
  async below(position: string | undefined, signal: Cancel): Promise<ProviderPage> {
    const place = readPlace(position);
    const { bases, next } = await this.list(place.offset, signal);
    const window = windowAt(
      bases.map(({ id }) => id),
      place,
    );
    const following = window.following ?? (next === undefined ? undefined : { offset: next, index: 0 });
    return { items: [], below: window.ids, ...(following === undefined ? {} : { next: writePlace(following) }) };
  }

  /** No call gives one base's name: it is looked up in the list, of which a load has read the part it needs already. */
  async withName(id: string, signal: Cancel): Promise<AirtableBase> {
    let offset: string | undefined;
    for (let read = 0; read < MOST_LISTS; read++) {
      const { bases, next } = await this.list(offset, signal);
      const base = bases.find((one) => one.id === id);
      if (base !== undefined) return base;
      if (next === undefined) break;
      offset = next;
    }
    return { id, name: null };
  }

  async #ask(offset: string | undefined, signal: Cancel): Promise<BaseList> {
    const query = new URLSearchParams(offset === undefined ? {} : { offset });
    try {
      const call = this.#api.get({ path: path`/meta/bases`, query, ...cancelledBy(signal) });
      const answer = await unlessForgotten(offset, FORGOTTEN_OFFSET, call);
      const bases = objects(answer['bases'])
        .map(airtableBase)
        .filter((base) => base !== undefined);
      return { bases, next: text(answer['offset']) };
    } catch (error) {
      // The lists before it lead to offsets that are forgotten, too.
      if (error instanceof PositionExpired) this.#lists.clear();
      throw error;
    }
  }
}
