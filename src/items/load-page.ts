import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { IntegrationItem } from './integration-item.ts';
import type { ItemSource, ProviderPage } from './item-source.ts';
import type { LoadFailure, LoadPosition, LoadQuery } from './load-cursor.ts';
import { isOutage } from './outage.ts';

/**
 * After this long a page goes out with what it has, be it nothing: a slow provider never looks like a hanging one, and one
 * whose pages are empty or lead in circles doesn't keep us for ever.
 */
const PAGE_TIME_BUDGET_MS = 15_000;

export interface PageRequest extends LoadQuery {
  /** The most items the page may hold. */
  readonly pageSize: number;
  readonly signal?: AbortSignal;
}

export interface LoadedPage {
  readonly items: readonly IntegrationItem[];
  /** Absent: everything that was asked for has been delivered. */
  readonly next?: LoadPosition;
  readonly failures: readonly LoadFailure[];
}

/** Errors that speak of the connection or of us, not of one item type: they end the load. */
const ENDS_THE_LOAD: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'reauthorization_required',
  'connection_not_found',
  'storage_unavailable',
  'internal_error',
]);

/** Asked to slow down, by the provider or by our own line to it. */
const ENDS_THE_PAGE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['provider_rate_limited', 'service_unavailable']);

/** What ails a provider for a while, not one item type for good. */
const GOES_BY: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['provider_unavailable', 'provider_timeout']);

/**
 * Fills one page of ours from as many of the provider's as it takes, going through the item types in order. An item type
 * that fails is noted and passed over; a provider that asks to slow down ends the page early, and nothing is lost.
 * @throws PatchbayError when nothing could be loaded and another try may help, or the connection itself can't be used
 */
export async function loadPage(source: ItemSource, request: PageRequest, from: LoadPosition): Promise<LoadedPage> {
  const stopAt = performance.now() + PAGE_TIME_BUDGET_MS;
  const items: IntegrationItem[] = [];
  let position = from;
  let told: PatchbayError | undefined;
  while (position.typeIndex < request.itemTypes.length) {
    const isLate = position !== from && performance.now() > stopAt;
    if (items.length >= request.pageSize || isLate) return { items, next: position, failures: position.failures };
    try {
      position = await advance(source, request, position, items);
    } catch (error) {
      const failed = asTypeFailure(error);
      if (ENDS_THE_PAGE.has(failed.code)) {
        if (items.length === 0) throw failed;
        return { items, next: position, failures: position.failures };
      }
      told = moreTelling(told, failed);
      position = passOver(request, position, failed);
    }
  }
  if (items.length === 0 && told !== undefined && isWorthAnotherTry(request, position, told)) throw told;
  return { items, failures: position.failures };
}

/**
 * Whether a page without one item is better told as an error: nothing of the load ever worked, or the provider went away
 * on the way and the same cursor goes on where it stands once it is back.
 */
function isWorthAnotherTry(request: PageRequest, end: LoadPosition, error: PatchbayError): boolean {
  const goesBy = GOES_BY.has(error.code) || error.details.retry_after !== undefined;
  return goesBy || end.failures.length === request.itemTypes.length;
}

/** What goes by is told rather than what doesn't: another try may help. */
function moreTelling(told: PatchbayError | undefined, failed: PatchbayError): PatchbayError {
  return told === undefined || (isOutage(failed) && !isOutage(told)) ? failed : told;
}

async function advance(
  source: ItemSource,
  request: PageRequest,
  position: LoadPosition,
  items: IntegrationItem[],
): Promise<LoadPosition> {
  const { skip, at, typeIndex } = position;
  const missing = request.pageSize - items.length;
  const page = await source.page({
    itemType: request.itemTypes[typeIndex] ?? '',
    limit: skip + missing,
    ...(at === undefined ? {} : { position: at }),
    ...(request.modifiedSince === undefined ? {} : { modifiedSince: request.modifiedSince }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  refuseLoop(page, at);
  let consumed = skip;
  for (const item of page.items.slice(skip)) {
    if (items.length >= request.pageSize) return { ...position, skip: consumed };
    consumed += 1;
    if (isWanted(item, request.modifiedSince)) items.push(item);
  }
  const { failures } = position;
  return page.next === undefined
    ? { typeIndex: typeIndex + 1, skip: 0, failures }
    : { typeIndex, at: page.next, skip: 0, failures };
}

/** A cursor that leads back to itself would be followed for ever. */
function refuseLoop(page: ProviderPage, at: string | undefined): void {
  if (page.next !== undefined && page.next === at) {
    throw new PatchbayError('provider_protocol_error', 'The provider gave the same page position twice.');
  }
}

const MINUTE_MS = 60_000;

/**
 * An item whose time of change isn't known might have changed, so it is kept. A time on the full minute may have been cut
 * to it (Notion's are), so it stands for the whole minute.
 */
function isWanted(item: IntegrationItem, modifiedSince: Date | undefined): boolean {
  if (modifiedSince === undefined || item.last_modified_time === null) return true;
  const modifiedMs = Date.parse(item.last_modified_time);
  const latestMs = modifiedMs % MINUTE_MS === 0 ? modifiedMs + MINUTE_MS - 1 : modifiedMs;
  return latestMs >= modifiedSince.getTime();
}

function asTypeFailure(error: unknown): PatchbayError {
  if (error instanceof PatchbayError && !ENDS_THE_LOAD.has(error.code)) return error;
  throw error;
}

function passOver(request: PageRequest, position: LoadPosition, error: PatchbayError): LoadPosition {
  const item_type = request.itemTypes[position.typeIndex] ?? '';
  const failure = { item_type, error: error.code, message: error.message };
  return { typeIndex: position.typeIndex + 1, skip: 0, failures: [...position.failures, failure] };
}
