/** What an API client may be allowed. */
export const PERMISSIONS = [
  'sessions:create',
  'connections:read',
  'connections:write',
  'tokens:read',
  'items:read',
  'operations:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a session may be allowed beyond acting for its user: by a client that is allowed it itself. */
export const SESSION_PERMISSIONS = ['operations:read'] as const satisfies readonly Permission[];
export type SessionPermission = (typeof SESSION_PERMISSIONS)[number];

/** A backend, known by its client id. */
export interface ApiClientCaller {
  readonly kind: 'api_client';
  readonly id: string;
  readonly permissions: readonly Permission[];
  /** Organisations it may act for; `*` for all. */
  readonly orgs: '*' | readonly string[];
}

/** A browser, known by its session. Acts for exactly one user of one organisation. */
export interface SessionCaller {
  readonly kind: 'session';
  readonly id: string;
  readonly userId: string;
  readonly orgId: string;
  /** The integrations it may use; absent for all. */
  readonly integrations?: readonly string[];
  /** Absent: none. */
  readonly permissions?: readonly SessionPermission[];
}

/** A browser that proves it holds a key, and is nobody yet: only for activating a session. */
export interface KeyHolder {
  readonly kind: 'key_holder';
  /** RFC 7638 thumbprint of the key. */
  readonly id: string;
}

export type Caller = ApiClientCaller | SessionCaller;

export function isPermission(text: string): text is Permission {
  return (PERMISSIONS as readonly string[]).includes(text);
}

/** Whether the caller may act for this user of this organisation. */
export function mayActFor(caller: Caller, userId: string, orgId: string): boolean {
  if (caller.kind === 'session') return caller.userId === userId && caller.orgId === orgId;
  return caller.orgs === '*' || caller.orgs.includes(orgId);
}

/** Whether the caller may use this integration: a session can be for some alone. */
export function mayUse(caller: Caller, integration: string): boolean {
  return caller.kind === 'api_client' || caller.integrations?.includes(integration) !== false;
}
