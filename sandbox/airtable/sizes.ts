import type { SandboxSettings } from '../core/settings.ts';

/** How much one account has. */
export interface Sizes {
  readonly bases: number;
  /** `null`: one to five, as it was drawn for the base. */
  readonly tablesPerBase: number | null;
  readonly recordsPerTable: number;
}

/** What isn't said goes by the number of items: so many bases, and in their tables a tenth, that the whole stays loadable. */
export function sizesOf({ items, airtable }: SandboxSettings): Sizes {
  return {
    bases: airtable.bases ?? items,
    tablesPerBase: airtable.tablesPerBase,
    recordsPerTable: airtable.recordsPerTable ?? Math.max(Math.min(items, 12), Math.ceil(items / 10)),
  };
}
