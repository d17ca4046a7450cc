import type { IntegrationItem } from './integration-item.ts';

const MINUTE_MS = 60_000;

/**
 * Whether an item changed since then. One whose time of change isn't known might have, so it is kept; as is one that says
 * it was deleted. A time on the full minute may have been cut to it (Notion's are), so it stands for the whole minute.
 * @param since RFC 3339; absent: everything is wanted
 */
export function isWanted(item: IntegrationItem, since: string | undefined): boolean {
  if (since === undefined || item.last_modified_time === null || item.delta !== null) return true;
  const modifiedMs = Date.parse(item.last_modified_time);
  const latestMs = modifiedMs % MINUTE_MS === 0 ? modifiedMs + MINUTE_MS - 1 : modifiedMs;
  return latestMs >= Date.parse(since);
}
