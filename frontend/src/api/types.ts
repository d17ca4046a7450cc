import type { components } from './schema.d.ts';

/*
 * The wire's shapes by the names the page uses. They are the OpenAPI document's own: schema.d.ts is made from it, so a
 * change of the wire that the page doesn't follow doesn't compile.
 */

type Schemas = components['schemas'];

export type Integration = Schemas['IntegrationResponse'];
export type IntegrationStatus = Integration['status'];
export type IntegrationList = Schemas['IntegrationListResponse'];

export type Connection = Schemas['ConnectionResponse'];
export type ConnectionStatus = Connection['status'];
export type ConnectionList = Schemas['ConnectionListResponse'];

export type AuthorizeRequest = Schemas['AuthorizeRequest'];
export type AuthorizeResponse = Schemas['AuthorizeResponse'];
export type Authorization = Schemas['AuthorizationOutcomeResponse'];
export type AuthorizationStatus = Authorization['status'];

export type DisconnectResponse = Schemas['DisconnectedResponse'];

export type LoadRequest = Schemas['LoadRequest'];
export type IntegrationItem = Schemas['IntegrationItemResponse'];
export type ItemTypeFailure = Schemas['LoadFailureResponse'];
export type ItemPage = Schemas['ItemPageResponse'];
export type StreamLine = Schemas['StreamLineResponse'];
export type LoadProgress = Schemas['LoadProgressResponse'];
export type StreamEnd = Schemas['StreamEndResponse'];

export type SessionToken = Schemas['SessionTokenResponse'];
export type Session = Schemas['SessionResponse'];

export type Status = Schemas['StatusResponse'];
export type ProviderStatus = Schemas['ProviderStatusResponse'];
export type CircuitStatus = Schemas['CircuitStatusResponse'];

/** What every answer outside 2xx carries. */
export type ErrorEnvelope = Schemas['ErrorEnvelope'];
