import type { IntegrationItem } from './integration-item.ts';

export interface ProviderPageRequest {
  readonly itemType: string;
  /** Where to go on, as the source said it itself; absent: from the start. */
  readonly position?: string;
  /** How many items would be useful. A source may give fewer or more, but the same start gives the same order. */
  readonly limit: number;
  readonly modifiedSince?: Date;
  readonly signal?: AbortSignal;
}

export interface ProviderPage {
  readonly items: readonly IntegrationItem[];
  /** Absent: that was the last page. An empty page with a next one is normal. */
  readonly next?: string;
}

/** What an integration can list for one connection. */
export interface ItemSource {
  page(request: ProviderPageRequest): Promise<ProviderPage>;
}
