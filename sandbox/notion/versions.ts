/** https://developers.notion.com/reference/versioning */
export const NOTION_VERSIONS = ['2022-02-22', '2022-06-28', '2025-09-03', '2026-03-11'] as const;

export type NotionVersion = (typeof NOTION_VERSIONS)[number];

export function versionOf(header: string | string[] | undefined): NotionVersion | null {
  return NOTION_VERSIONS.find((version) => version === header) ?? null;
}

/** Since 2025-09-03 a database is a container, and rows belong to one of its data sources. */
export function hasDataSources(version: NotionVersion): boolean {
  return version >= '2025-09-03';
}

export function hasArchived(version: NotionVersion): boolean {
  return version < '2026-03-11';
}
