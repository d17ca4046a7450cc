import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { runs } from '../errors/fixtures/property-tests.ts';
import { idsInOrder, TreeSource, type Tree, type TreePage } from './fixtures/tree-source.ts';
import { ItemStream } from './item-stream.ts';
import { isDone, loadPage } from './load-page.ts';
import { startOf, type LoadPosition } from './load-position.ts';

const TYPES = ['page', 'user'] as const;
const QUERY = { itemTypes: TYPES };

/** A listing: its pages, each with how many items it has and what it leads to. */
interface Drawn {
  readonly pages: readonly { readonly items: number; readonly below: readonly Drawn[] }[];
}

const drawn = fc.letrec<{ listing: Drawn }>((tie) => ({
  listing: fc.record({
    pages: fc.array(
      fc.record({
        items: fc.integer({ min: 0, max: 4 }),
        below: fc.oneof(
          { maxDepth: 3, depthIdentifier: 'tree' },
          fc.constant([]),
          fc.array(tie('listing'), { maxLength: 4 }),
        ),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
})).listing;

function treeOf(type: string, root: Drawn): Tree {
  const tree: Record<string, TreePage[]> = {};
  let items = 0;
  let listings = 0;
  const grow = (name: string, { pages }: Drawn): void => {
    tree[name] = pages.map(({ items: count, below }) => ({
      ids: Array.from({ length: count }, () => `${type}-${(items += 1)}`),
      below: below.map((one) => {
        const child = `l${(listings += 1)}`;
        grow(child, one);
        return child;
      }),
    }));
  };
  grow('', root);
  return tree;
}

/** Answers in any order: each after as many turns as was drawn. */
function sourceOf(trees: Readonly<Record<string, Tree>>, turns: readonly number[]): TreeSource {
  const source = new TreeSource(trees);
  source.before = async () => {
    const wait = turns[source.requests.length % turns.length] ?? 0;
    for (let passed = 0; passed < wait; passed += 1) await turn();
  };
  return source;
}

const throughJson = (position: LoadPosition) => JSON.parse(JSON.stringify(position)) as LoadPosition;

/** Reads so many pages, and goes away. @returns the ids of those that were handed out */
async function readSome(stream: ItemStream, pages: number): Promise<readonly string[]> {
  const taken: string[] = [];
  if (pages === 0) return taken;
  let read = 0;
  for await (const { items } of stream.pages()) {
    taken.push(...items.map(({ id }) => id));
    read += 1;
    if (read >= pages) break;
  }
  return taken;
}

const isOf = (type: string) => (id: string) => id.startsWith(`${type}-`);

function hasAllInOrder(got: readonly string[], trees: Readonly<Record<string, Tree>>): boolean {
  return TYPES.every(
    (type) => JSON.stringify(got.filter(isOf(type))) === JSON.stringify(idsInOrder(trees[type] ?? {})),
  );
}

const trees = fc.record({ page: drawn, user: drawn }).map((roots) => ({
  page: treeOf('page', roots.page),
  user: treeOf('user', roots.user),
}));
const turns = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 20 });

describe('However a provider’s listings lead to each other', () => {
  it('a stream that is cut anywhere goes on from its position with every item once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(trees, turns, fc.array(fc.nat({ max: 12 }), { maxLength: 5 }), async (of, slow, cuts) => {
        const got: string[] = [];
        let position = startOf(QUERY);
        for (const pages of [...cuts, Infinity]) {
          const query = { ...QUERY, signal: new AbortController().signal };
          const stream = new ItemStream(
            () => sourceOf(of, slow),
            query,
            throughJson(position),
            () => undefined,
          );
          got.push(...(await readSome(stream, pages)));
          position = stream.position;
        }
        return isDone(position) && hasAllInOrder(got, of);
      }),
      runs(40, 200),
    );
  });

  it('a stream goes on from where a page ended, be it in the middle of the provider’s', async () => {
    await fc.assert(
      fc.asyncProperty(trees, turns, fc.integer({ min: 1, max: 12 }), async (of, slow, pageSize) => {
        const { items, end } = await loadPage(sourceOf(of, slow), { ...QUERY, pageSize }, startOf(QUERY));
        const query = { ...QUERY, signal: new AbortController().signal };
        const stream = new ItemStream(
          () => sourceOf(of, slow),
          query,
          throughJson(end),
          () => undefined,
        );
        const got = [...items.map(({ id }) => id), ...(await readSome(stream, Infinity))];
        return isDone(stream.position) && hasAllInOrder(got, of);
      }),
      runs(40, 100),
    );
  });

  it('pages of any size have every item once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(trees, turns, fc.integer({ min: 1, max: 12 }), async (of, slow, pageSize) => {
        const got: string[] = [];
        let from = startOf(QUERY);
        while (!isDone(from)) {
          const { items, end } = await loadPage(sourceOf(of, slow), { ...QUERY, pageSize }, from);
          got.push(...items.map(({ id }) => id));
          from = throughJson(end);
        }
        return hasAllInOrder(got, of);
      }),
      runs(40, 200),
    );
  });
});
