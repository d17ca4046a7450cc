import type { Browser } from './http-browser.ts';

export interface Item {
  readonly id: string;
  readonly type: string;
  readonly name: string | null;
  readonly [member: string]: unknown;
}

/** Every page of a load, to the end. Fails when a page says that something is missing. */
export async function loadAll(browser: Browser, integration: string, query: Record<string, unknown>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: unknown;
  do {
    const body = cursor === undefined ? query : { ...query, cursor };
    const answer = await browser.post(`/integrations/${integration}/load`, body);
    const failures = answer.json['failures'] as unknown[] | undefined;
    if (answer.status !== 200 || failures?.length !== 0)
      throw new Error(`load answered ${answer.status}: ${answer.text}`);
    const page = answer.json['items'] as Item[];
    if (page.length > Number(query['page_size'] ?? 100)) throw new Error(`A page of ${page.length} items.`);
    items.push(...page);
    cursor = answer.json['next_cursor'] ?? undefined;
  } while (cursor !== undefined);
  return items;
}
