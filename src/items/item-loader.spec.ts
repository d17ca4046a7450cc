import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { ConnectionLifecycle } from '../connections/connection-lifecycle.ts';
import type { Connection } from '../connections/connection.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { connection } from '../connections/fixtures/connection.ts';
import { items } from './fixtures/list-source.ts';
import { ItemLoader } from './item-loader.ts';
import type { KeptPage } from './kept-page.ts';
import type { LastLoads } from './last-loads.ts';
import type { LoadCursors } from './load-cursor.ts';
import { OpenStreams } from './open-streams.ts';

const KEPT: KeptPage = { items: items('page', 2), failures: [], as_of: '2026-01-01T00:00:00.000Z' };
const REQUEST = { itemTypes: ['page'], pageSize: 100 };
const CHOICE = { integration: 'notion', owner: { orgId: 'acme', userId: 'ann' } };
const away = new PatchbayError('provider_unavailable', 'no', { retry_after: 5 });

interface Around {
  readonly connections?: () => Promise<readonly Connection[]>;
  readonly find?: () => Promise<KeptPage | undefined>;
}

function loader({ connections, find }: Around = {}): ItemLoader {
  const lastLoads = { find: find ?? (() => Promise.resolve(KEPT)) };
  const lifecycle = { list: connections ?? (() => Promise.resolve([connection()])) };
  return new ItemLoader(
    {} as unknown as LoadCursors,
    lastLoads as unknown as LastLoads,
    lifecycle as unknown as ConnectionLifecycle,
    new OpenStreams(),
  );
}

describe('In place of a page that could not be loaded', () => {
  beforeEach(() => {
    Logger.overrideLogger(false);
  });

  it('an earlier one is shown, with when to ask again', async () => {
    const { page, retryAfterSeconds } = await loader().earlierPage(away, CHOICE, REQUEST);
    expect(page).toMatchObject({ stale: true, as_of: KEPT.as_of, complete: true, failures: [], next_cursor: null });
    expect(page.items[0]).toMatchObject({
      id: 'page-0',
      integration: 'notion',
      connection_id: connection().connectionId,
    });
    expect(retryAfterSeconds).toBe(5);
  });

  it.each<[string, Around]>([
    ['nothing is kept', { find: () => Promise.resolve(undefined) }],
    [
      'the grant has ended',
      { connections: () => Promise.resolve([connection({ status: 'reauthorization_required' })]) },
    ],
    ['the connection has gone', { connections: () => Promise.resolve([]) }],
    ['our store is away as well', { find: () => Promise.reject(new PatchbayError('storage_unavailable', 'no')) }],
  ])('the provider’s failure is told when %s', async (_when, around) => {
    await expect(loader(around).earlierPage(away, CHOICE, REQUEST)).rejects.toBe(away);
  });

  it('nothing is shown to a caller who hung up, nor for a failure that is no outage', async () => {
    const signal = AbortSignal.abort();
    await expect(loader().earlierPage(away, CHOICE, { ...REQUEST, signal })).rejects.toBe(away);
    const bug = new RangeError('bug');
    await expect(loader().earlierPage(bug, CHOICE, REQUEST)).rejects.toBe(bug);
  });

  it('a fault of ours on the way is not hidden', async () => {
    const bug = new RangeError('bug');
    await expect(loader({ find: () => Promise.reject(bug) }).earlierPage(away, CHOICE, REQUEST)).rejects.toBe(bug);
  });
});
