import { objects } from '../../items/provider-values.ts';
import { path } from '../../outbound/provider-path.ts';
import type { ProviderApi } from '../provider-api.ts';
import { unlessWithdrawn } from '../withdrawn-object.ts';
import { cancelledBy, type Cancel } from './airtable.calls.ts';
import { LatestAnswers } from './airtable.latest-answers.ts';
import { airtableTable, type AirtableTable } from './airtable.table.ts';

/** All listings of a base need its schema, and few bases are walked at the same time. */
const MOST_BASES = 32;

/** "Get base schema", of which only what names records is kept. */
export class AirtableSchemas {
  readonly #api: ProviderApi;
  readonly #bases = new LatestAnswers<readonly AirtableTable[]>(MOST_BASES);

  constructor(api: ProviderApi) {
    this.#api = api;
  }

  /** It has no pages. None in a base that was taken out of the grant meanwhile. */
  tables(baseId: string, signal: Cancel): Promise<readonly AirtableTable[]> {
    return this.#bases.get(baseId, async () => {
      const call = { path: path`/meta/bases/${baseId}/tables`, ...cancelledBy(signal) };
      const schema = await unlessWithdrawn(this.#api.get(call));
      return objects(schema?.['tables'])
        .map(airtableTable)
        .filter((table) => table !== undefined);
    });
  }

  /** @returns undefined when there is none of this id, or not any more */
  async table(baseId: string, tableId: string, signal: Cancel): Promise<AirtableTable | undefined> {
    return (await this.tables(baseId, signal)).find(({ id }) => id === tableId);
  }
}
