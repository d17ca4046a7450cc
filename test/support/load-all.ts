import type { Answer, Browser } from './http-browser.ts';

export interface Item {
  readonly id: string;
  readonly type: string;
  readonly name: string | null;
  readonly [member: string]: unknown;
}

/** What a type's loads can see of changes. */
export interface SeenChanges {
  readonly item_type: string;
  readonly found_by: string;
  readonly deletions: boolean;
}

export interface WholeLoad {
  readonly items: readonly Item[];
  /** Where the next load begins. */
  readonly checkpoint: string;
  /** As each page has it. */
  readonly changes: readonly SeenChanges[];
}

/** Every page of a load, to the end. Fails when a page says that something is missing. */
export async function loadWhole(
  browser: Browser,
  integration: string,
  query: Record<string, unknown>,
): Promise<WholeLoad> {
  const items: Item[] = [];
  // A load that goes on does so by the cursor alone.
  const begun = Object.entries(query).filter(([member]) => member !== 'checkpoint');
  for (let cursor: unknown; ;) {
    const body = cursor === undefined ? query : { ...Object.fromEntries(begun), cursor };
    const answer = await browser.post(`/integrations/${integration}/load`, body);
    expectAllThere(answer, answer.json['failures']);
    const page = answer.json['items'] as Item[];
    if (page.length > Number(query['page_size'] ?? 100)) throw new Error(`A page of ${page.length} items.`);
    items.push(...page);
    cursor = answer.json['next_cursor'] ?? undefined;
    const { checkpoint, changes } = answer.json;
    if (cursor === undefined) return { items, checkpoint: String(checkpoint), changes: changes as SeenChanges[] };
    if (checkpoint !== null) throw new Error('A page that leads on has a checkpoint.');
  }
}

export async function loadAll(browser: Browser, integration: string, query: Record<string, unknown>): Promise<Item[]> {
  return [...(await loadWhole(browser, integration, query)).items];
}

/** The same as a stream of lines, in the order in which the types' items came. Fails when its end says that something is missing. */
export async function streamWhole(
  browser: Browser,
  integration: string,
  query: Record<string, unknown>,
): Promise<WholeLoad> {
  const path = `/integrations/${integration}/load`;
  const answer = await browser.call('POST', path, query, { accept: 'application/x-ndjson' });
  const lines = answer.text.split('\n');
  if (lines.pop() !== '') throw new Error(`The last line is cut: ${answer.text.slice(-200)}`);
  const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const end = (said.at(-1)?.['end'] ?? {}) as Record<string, unknown>;
  expectAllThere(answer, end['failures']);
  const items = said.filter((line) => 'item' in line).map((line) => line['item'] as Item);
  if (end['loaded'] !== items.length) throw new Error(`${items.length} items, of ${String(end['loaded'])} it says.`);
  return { items, checkpoint: String(end['checkpoint']), changes: end['changes'] as SeenChanges[] };
}

function expectAllThere({ status, text }: Answer, failures: unknown): void {
  if (status !== 200 || !Array.isArray(failures) || failures.length > 0)
    throw new Error(`load answered ${status}: ${text.slice(0, 2000)}`);
}
