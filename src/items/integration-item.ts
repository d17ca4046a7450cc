/** One thing at a provider, in the one shape all integrations share. Times are RFC 3339 UTC. Absent values are null. */
export interface IntegrationItem {
  /** Unique within a connection. */
  readonly id: string;
  readonly type: string;
  /** Whether it holds other items. */
  readonly directory: boolean;
  readonly parent_path_or_name: string | null;
  readonly parent_id: string | null;
  readonly name: string | null;
  readonly creation_time: string | null;
  readonly last_modified_time: string | null;
  readonly url: string | null;
  readonly children: readonly string[] | null;
  readonly mime_type: string | null;
  readonly delta: string | null;
  readonly drive_id: string | null;
  /** False for what the provider hides: archived, in the trash, deactivated. */
  readonly visibility: boolean;
}

/** An item as it leaves, with where it came from. */
export interface LoadedItem extends IntegrationItem {
  readonly integration: string;
  readonly connection_id: string;
}

type Known = Pick<IntegrationItem, 'id' | 'type'> & Partial<IntegrationItem>;

/** An item from what is known of it; everything else is null, no directory, visible. */
export function integrationItem(known: Known): IntegrationItem {
  return {
    id: known.id,
    type: known.type,
    directory: known.directory ?? false,
    parent_path_or_name: known.parent_path_or_name ?? null,
    parent_id: known.parent_id ?? null,
    name: known.name ?? null,
    creation_time: known.creation_time ?? null,
    last_modified_time: known.last_modified_time ?? null,
    url: known.url ?? null,
    children: known.children ?? null,
    mime_type: known.mime_type ?? null,
    delta: known.delta ?? null,
    drive_id: known.drive_id ?? null,
    visibility: known.visibility ?? true,
  };
}
