import type { ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { objects } from '../../items/provider-values.ts';
import { path } from '../../outbound/provider-path.ts';
import { unlessForgotten } from '../forgotten-position.ts';
import type { ProviderApi } from '../provider-api.ts';
import { FORGOTTEN_AFTER, MAX_PAGE_SIZE, nextAfter, signalOf } from './hubspot.answers.ts';
import { ownerItem } from './hubspot.mapper.ts';
import { positionText, readPosition } from './hubspot.position.ts';

const OWNERS = path`/crm/v3/owners`;

/** "Owners": those of today, then those who left, whom records still name. It has no filter by time. */
export async function ownerPage(api: ProviderApi, request: ProviderPageRequest): Promise<ProviderPage> {
  const { stage, after } = readPosition(request.position, 'current');
  const query = new URLSearchParams({
    limit: String(MAX_PAGE_SIZE),
    archived: String(stage === 'archived'),
    ...(after === undefined ? {} : { after }),
  });
  const call = api.get({ path: OWNERS, query, ...signalOf(request) });
  const answer = await unlessForgotten(after, FORGOTTEN_AFTER, call);
  const items = objects(answer['results'])
    .map(ownerItem)
    .filter((item) => item !== undefined);
  const next = nextAfter(answer);
  if (next !== undefined) return { items, next: positionText({ stage, after: next }) };
  return stage === 'archived' ? { items } : { items, next: positionText({ stage: 'archived' }) };
}
