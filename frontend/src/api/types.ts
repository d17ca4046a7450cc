/** The wire's shapes as the contract names them. Times are RFC 3339 UTC strings, durations whole seconds. */

export type IntegrationStatus = 'available' | 'degraded' | 'unavailable' | 'not_configured';

export interface Integration {
  integration: string;
  display_name: string;
  status: IntegrationStatus;
  sandbox: boolean;
  item_types: string[];
  default_item_types: string[];
  scopes: string[];
}

export interface IntegrationList {
  integrations: Integration[];
}

export type ConnectionStatus = 'active' | 'reauthorization_required';

export interface Connection {
  connection_id: string;
  integration: string;
  user_id: string;
  org_id: string;
  account: { id: string; name: string | null };
  scopes: string[];
  status: ConnectionStatus;
  created_at: string;
  updated_at: string;
  last_used_at: string | null;
  expires_at: string | null;
}

export interface ConnectionList {
  connections: Connection[];
}

export interface AuthorizeRequest {
  user_id: string;
  org_id: string;
  scopes?: string[];
  return_url?: string;
}

export interface AuthorizeResponse {
  authorization_url: string;
  state: string;
  expires_in: number;
}

export type AuthorizationStatus = 'pending' | 'connected' | 'denied' | 'failed' | 'expired';

export interface Authorization {
  status: AuthorizationStatus;
  connection_id?: string | null;
  error?: string | null;
}

export interface DisconnectResponse {
  deleted: boolean;
  revoked: boolean;
}

export interface LoadRequest {
  user_id: string;
  org_id: string;
  connection_id?: string;
  item_types?: string[];
  modified_since?: string;
  page_size?: number;
  cursor?: string;
}

export interface IntegrationItem {
  id: string;
  type: string;
  directory: boolean;
  parent_path_or_name: string | null;
  parent_id: string | null;
  name: string | null;
  creation_time: string | null;
  last_modified_time: string | null;
  url: string | null;
  children: string[] | null;
  mime_type: string | null;
  delta: string | null;
  drive_id: string | null;
  visibility: boolean;
  integration: string;
  connection_id: string;
}

export interface ItemTypeFailure {
  item_type: string;
  error: string;
  message: string;
}

export interface ItemPage {
  items: IntegrationItem[];
  next_cursor: string | null;
  complete: boolean;
  stale: boolean;
  as_of: string | null;
  failures: ItemTypeFailure[];
}

/** What every answer outside 2xx carries. */
export interface ErrorEnvelope {
  error: string;
  message: string;
  details: {
    request_id?: string;
    retry_after?: number;
    fields?: { field: string; problem: string }[];
    [member: string]: unknown;
  };
}
