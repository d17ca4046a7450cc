// Made from docs/openapi.json by "npm run openapi". Changes here are lost.
export interface paths {
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a browser act for one of your users
         * @description For an API client with `sessions:create`.
         */
        post: operations["Sessions_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trade a session token for a session bound to the browser’s own key
         * @description Signed by the very key that the body presents.
         */
        post: operations["Sessions_activate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The session that signs this request
         * @description For a browser session.
         */
        get: operations["Sessions_current"];
        put?: never;
        post?: never;
        /**
         * End the session that signs this request
         * @description For a browser session.
         */
        delete: operations["Sessions_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/demo/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * As POST /sessions, for a demo that has no backend
         * @description Not signed: the demo has no backend that could sign; it exists with DEMO=true alone.
         */
        post: operations["DemoSessions_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The integrations there are, and whether each can be used now
         * @description For an API client or a browser session.
         */
        get: operations["Catalog_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The connections of a user, the latest authorised first
         * @description For an API client with `connections:read` or a browser session.
         */
        get: operations["Connections_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process is up
         * @description Not signed: probes know no keys.
         */
        get: operations["Health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether it can serve: its store keeps what it is given and it is not shutting down
         * @description Not signed: probes know no keys.
         */
        get: operations["Health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All of it, the circuit to each provider and the state of the process, for people
         * @description Not signed: probes know no keys.
         */
        get: operations["Health_all"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Numbers for Prometheus, in its text format
         * @description There only where it is turned on (`METRICS`); with `METRICS_TOKEN` for whoever brings that token.
         *
         *     Not signed: Prometheus signs nothing: a bearer token where METRICS_TOKEN is set.
         */
        get: operations["Metrics_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operations/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How this process does, and has done since its start
         * @description Circuits, pacing, requests, latencies, refreshes and the store, each with its history in at most 240 intervals. Of the process that answers: others behind the same address have their own. Names integrations, and nobody.
         *
         *     For an API client with `operations:read` or a browser session with `operations:read`.
         */
        get: operations["Status_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/airtable/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an authorization: where to send the user’s browser
         * @description For an API client with `connections:write` or a browser session.
         */
        post: operations["Airtable_authorize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/airtable/oauth2callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the provider sends the browser back to; not for API clients
         * @description Not signed: a provider sends browsers here; the state and the browser binding protect it.
         */
        get: operations["Airtable_oauth2callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/airtable/authorizations/{state}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How an authorization ended, whatever became of its popup
         * @description For an API client with `connections:read` or a browser session.
         */
        get: operations["Airtable_authorization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/airtable/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A connection’s state, its token refreshed first when it is near its end
         * @description For an API client with `connections:read` or a browser session.
         */
        post: operations["Airtable_credentials"];
        /**
         * Disconnect: revoke at the provider where it can, forget here always
         * @description For an API client with `connections:write` or a browser session.
         */
        delete: operations["Airtable_disconnect"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/airtable/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The account’s items: a page of them, or all of them as a stream
         * @description A page, unless `Accept` prefers `application/x-ndjson`: then every item, one JSON object a line. `item` as they come, `progress` at least once a second, `checkpoint` from where a stream that broke off goes on, and last `end`. A stream that ends without it was cut.
         *
         *     For an API client with `items:read` or a browser session.
         */
        post: operations["Airtable_load"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/notion/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an authorization: where to send the user’s browser
         * @description For an API client with `connections:write` or a browser session.
         */
        post: operations["Notion_authorize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/notion/oauth2callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the provider sends the browser back to; not for API clients
         * @description Not signed: a provider sends browsers here; the state and the browser binding protect it.
         */
        get: operations["Notion_oauth2callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/notion/authorizations/{state}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How an authorization ended, whatever became of its popup
         * @description For an API client with `connections:read` or a browser session.
         */
        get: operations["Notion_authorization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/notion/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A connection’s state, its token refreshed first when it is near its end
         * @description For an API client with `connections:read` or a browser session.
         */
        post: operations["Notion_credentials"];
        /**
         * Disconnect: revoke at the provider where it can, forget here always
         * @description For an API client with `connections:write` or a browser session.
         */
        delete: operations["Notion_disconnect"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/notion/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The account’s items: a page of them, or all of them as a stream
         * @description A page, unless `Accept` prefers `application/x-ndjson`: then every item, one JSON object a line. `item` as they come, `progress` at least once a second, `checkpoint` from where a stream that broke off goes on, and last `end`. A stream that ends without it was cut.
         *
         *     For an API client with `items:read` or a browser session.
         */
        post: operations["Notion_load"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/hubspot/get_hubspot_items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The account’s items: the older name of load
         * @description For an API client with `items:read` or a browser session.
         */
        post: operations["Hubspot_hubspotItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/hubspot/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an authorization: where to send the user’s browser
         * @description For an API client with `connections:write` or a browser session.
         */
        post: operations["Hubspot_authorize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/hubspot/oauth2callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the provider sends the browser back to; not for API clients
         * @description Not signed: a provider sends browsers here; the state and the browser binding protect it.
         */
        get: operations["Hubspot_oauth2callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/hubspot/authorizations/{state}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How an authorization ended, whatever became of its popup
         * @description For an API client with `connections:read` or a browser session.
         */
        get: operations["Hubspot_authorization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/hubspot/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A connection’s state, its token refreshed first when it is near its end
         * @description For an API client with `connections:read` or a browser session.
         */
        post: operations["Hubspot_credentials"];
        /**
         * Disconnect: revoke at the provider where it can, forget here always
         * @description For an API client with `connections:write` or a browser session.
         */
        delete: operations["Hubspot_disconnect"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/hubspot/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The account’s items: a page of them, or all of them as a stream
         * @description A page, unless `Accept` prefers `application/x-ndjson`: then every item, one JSON object a line. `item` as they come, `progress` at least once a second, `checkpoint` from where a stream that broke off goes on, and last `end`. A stream that ends without it was cut.
         *
         *     For an API client with `items:read` or a browser session.
         */
        post: operations["Hubspot_load"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/slack/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an authorization: where to send the user’s browser
         * @description For an API client with `connections:write` or a browser session.
         */
        post: operations["Slack_authorize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/slack/oauth2callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the provider sends the browser back to; not for API clients
         * @description Not signed: a provider sends browsers here; the state and the browser binding protect it.
         */
        get: operations["Slack_oauth2callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/slack/authorizations/{state}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How an authorization ended, whatever became of its popup
         * @description For an API client with `connections:read` or a browser session.
         */
        get: operations["Slack_authorization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/slack/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A connection’s state, its token refreshed first when it is near its end
         * @description For an API client with `connections:read` or a browser session.
         */
        post: operations["Slack_credentials"];
        /**
         * Disconnect: revoke at the provider where it can, forget here always
         * @description For an API client with `connections:write` or a browser session.
         */
        delete: operations["Slack_disconnect"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/integrations/slack/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The account’s items: a page of them, or all of them as a stream
         * @description A page, unless `Accept` prefers `application/x-ndjson`: then every item, one JSON object a line. `item` as they come, `progress` at least once a second, `checkpoint` from where a stream that broke off goes on, and last `end`. A stream that ends without it was cut.
         *
         *     For an API client with `items:read` or a browser session.
         */
        post: operations["Slack_load"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description Not signed: it holds nothing of anybody.
         */
        get: operations["OpenApi_document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        SessionRequest: {
            /** @example demo-user */
            user_id: string;
            /** @example demo-org */
            org_id: string;
            /**
             * @description Which integrations it is for. Left out: all.
             * @example [
             *       "notion"
             *     ]
             */
            integrations?: string[];
            /** @description What it may do beyond acting for its user, which its API client must be allowed itself. Left out: nothing. */
            permissions?: "operations:read"[];
            /** @description Which allowed frontend the connect URL leads to. Left out: Patchbay’s own page. */
            origin?: string;
            /**
             * Format: uri
             * @description Where the connect page leads the person back to; the result is in its query: `status`, `integration`, `connection_id`. On one of ALLOWED_ORIGINS, exactly.
             * @example http://localhost:3000/settings
             */
            return_url?: string;
        };
        SessionTokenResponse: {
            /**
             * @description Single use, for the browser that is to act.
             * @example nJ0c1Yt5bWq8Xv2ZkR7uHs4mPdA9eLgFyTiB6oC3wQE
             */
            session_token: string;
            /**
             * @description A page that activates the session by itself and shows what it may connect, and nothing else. Pages of ALLOWED_ORIGINS may frame it.
             * @example http://localhost:8000/connect#session=nJ0c1Yt5bWq8Xv2ZkR7uHs4mPdA9eLgFyTiB6oC3wQE
             */
            connect_url: string;
            /**
             * @description Seconds.
             * @example 600
             */
            expires_in: number;
        };
        ActivateRequest: {
            /** @example nJ0c1Yt5bWq8Xv2ZkR7uHs4mPdA9eLgFyTiB6oC3wQE */
            session_token: string;
            /**
             * @description The public P-256 key as a JWK; the request must be signed with its private half.
             * @example {
             *       "kty": "EC",
             *       "crv": "P-256",
             *       "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
             *       "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
             *     }
             */
            public_key?: {
                /** @enum {string} */
                kty: "EC";
                /** @enum {string} */
                crv: "P-256";
                x: string;
                y: string;
            } & {
                [key: string]: unknown;
            };
        };
        SessionResponse: {
            /** @example ses_8K2vX0m3vJc1yTbRdA4ZkF */
            session_id: string;
            /** @example demo-user */
            user_id: string;
            /** @example demo-org */
            org_id: string;
            /**
             * @description The integrations it may use.
             * @example [
             *       "notion"
             *     ]
             */
            integrations: string[];
            /**
             * @description What else it may do.
             * @example []
             */
            permissions: "operations:read"[];
            /**
             * @description Seconds.
             * @example 3600
             */
            expires_in: number;
            /**
             * @description Where to lead the person back to.
             * @example http://localhost:3000/settings
             */
            return_url: string | null;
        };
        OwnerRequest: {
            /** @example demo-user */
            user_id: string;
            /** @example demo-org */
            org_id: string;
        };
        IntegrationResponse: {
            /** @example notion */
            integration: string;
            /** @example Notion */
            display_name: string;
            /** @enum {string} */
            status: "available" | "degraded" | "unavailable" | "not_configured";
            /** @description Whether the sandbox plays the provider. */
            sandbox: boolean;
            /**
             * @example [
             *       "page",
             *       "database"
             *     ]
             */
            item_types: string[];
            /**
             * @example [
             *       "page"
             *     ]
             */
            default_item_types: string[];
            /** @example [] */
            scopes: string[];
        };
        IntegrationListResponse: {
            integrations: components["schemas"]["IntegrationResponse"][];
        };
        AccountResponse: {
            /** @example usrL2PNC5o3H4lBEi */
            id: string;
            /** @example ann@acme.test */
            name: string | null;
        };
        RefreshFailureResponse: {
            /**
             * @example provider_unavailable
             * @enum {string}
             */
            error: "invalid_request" | "signature_required" | "invalid_signature" | "signature_expired" | "replayed_request" | "unknown_key" | "forbidden" | "not_found" | "unknown_integration" | "connection_not_found" | "method_not_allowed" | "reauthorization_required" | "integration_not_configured" | "authorization_expired" | "payload_too_large" | "unsupported_media_type" | "cursor_invalid" | "rate_limited" | "internal_error" | "provider_error" | "provider_protocol_error" | "provider_unavailable" | "provider_rate_limited" | "storage_unavailable" | "service_unavailable" | "provider_timeout";
            /** Format: date-time */
            at: string;
            /**
             * @description Failures since the last success.
             * @example 2
             */
            failures: number;
            /**
             * Format: date-time
             * @description The provider isn’t asked before.
             */
            retry_at: string;
        };
        ConnectionResponse: {
            /** @example con_4ZkFq0n8X2m3vJc1yTbRdA */
            connection_id: string;
            /** @example airtable */
            integration: string;
            /** @example demo-user */
            user_id: string;
            /** @example demo-org */
            org_id: string;
            account: components["schemas"]["AccountResponse"];
            /**
             * @description Granted, which may be less than was asked.
             * @example [
             *       "schema.bases:read"
             *     ]
             */
            scopes: string[];
            /**
             * @description Asked.
             * @example [
             *       "schema.bases:read",
             *       "data.records:read"
             *     ]
             */
            requested_scopes: string[];
            /** @enum {string} */
            status: "active" | "reauthorization_required";
            /**
             * @description Why the account must be connected again; null while active. `grant_revoked`: the provider no longer accepts the grant. `refresh_answer_lost`: it rotated the refresh token, and its answer was lost on the way. `no_refresh_token`: the access token has ended and nothing can renew it. `client_changed`: the grant was given to another OAuth client than the one that is configured now.
             * @example null
             * @enum {string|null}
             */
            reason: "grant_revoked" | "refresh_answer_lost" | "no_refresh_token" | "client_changed" | null;
            /**
             * Format: date-time
             * @description When it was found to have ended; null while active.
             * @example 2026-03-14T09:26:53.000Z
             */
            ended_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: date-time
             * @description As far as is known: a use by another replica is told some minutes late.
             * @example 2026-03-14T09:26:53.000Z
             */
            last_used_at: string | null;
            /**
             * Format: date-time
             * @description When the access token ends; null when the provider doesn’t say.
             * @example 2026-03-14T09:26:53.000Z
             */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description Null when it never was.
             * @example 2026-03-14T09:26:53.000Z
             */
            last_refreshed_at: string | null;
            /**
             * Format: date-time
             * @description When it is renewed ahead of need; null when nothing can, or need, be renewed.
             * @example 2026-03-14T09:26:53.000Z
             */
            next_refresh_at: string | null;
            /** @example null */
            refresh_failure: components["schemas"]["RefreshFailureResponse"] | null;
        };
        ConnectionListResponse: {
            connections: components["schemas"]["ConnectionResponse"][];
        };
        ProcessStatusResponse: {
            /**
             * @description Made up at its start: tells replicas apart.
             * @example prc_5f0c1b9e2a7d
             */
            id: string;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            event_loop: "ok" | "lagging";
            /** @enum {string} */
            heap: "ok" | "nearly_full";
            /** @example 536870912 */
            heap_limit_bytes: number;
            /**
             * @description How late the event loop was, in seconds. The highest of each interval.
             * @example [
             *       0.002,
             *       0.011
             *     ]
             */
            event_loop_delay_in: number[];
            /**
             * @description Heap in use. The highest of each interval.
             * @example [
             *       48000000,
             *       51200000
             *     ]
             */
            heap_used_bytes: number[];
            /**
             * @description Streams of items being written. The highest of each interval.
             * @example [
             *       0,
             *       2
             *     ]
             */
            open_streams: number[];
        };
        TimelineResponse: {
            /**
             * Format: date-time
             * @description When the first interval began: the start of the process.
             */
            first_at: string;
            /**
             * @description Seconds of an interval. Doubles when there would be more than 240.
             * @example 2
             */
            interval_in: number;
            /**
             * @description Seconds of the last one: less while it lasts.
             * @example 2
             */
            last_interval_in: number;
            /**
             * @description How many: as many as each list has numbers.
             * @example 2
             */
            intervals: number;
            /**
             * @description Seconds that “lately” means: 60, or less in the first minute.
             * @example 60
             */
            lately_in: number;
        };
        LatelyResponse: {
            /**
             * @description How many a second. Null in the first seconds of the process.
             * @example 12.4
             */
            per_second: number | null;
            /**
             * @description Seconds that half of them didn’t take longer than; null when there were none.
             * @example 0.0379
             */
            p50_in: number | null;
            /**
             * @description Seconds that 95 of 100 didn’t take longer than.
             * @example 0.107
             */
            p95_in: number | null;
            /**
             * @description How many of them failed.
             * @example 0
             */
            failed: number;
        };
        AnswersResponse: {
            /**
             * @description Below 400. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            served: number[];
            /**
             * @description From 400, but 429. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            refused: number[];
            /**
             * @description 429: our own limits. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            rate_limited: number[];
            /**
             * @description From 500. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            failed: number[];
            /**
             * @description The caller hung up, or did not read. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            aborted: number[];
            /**
             * @description 503 before any work was done: too much at once, or shutting down. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            shed: number[];
        };
        RequestsStatusResponse: {
            lately: components["schemas"]["LatelyResponse"];
            /** @example 3 */
            in_flight: number;
            /**
             * @description How many may be served at a time now.
             * @example 500
             */
            limit: number;
            /**
             * @description Whether this process counts rate limits by itself: the store is away.
             * @example false
             */
            rate_limits_alone: boolean;
            answers: components["schemas"]["AnswersResponse"];
            /**
             * @description Seconds for each interval, to within 19 %: what half of them didn’t take longer than. Null: there was nothing.
             * @example [
             *       null,
             *       0.0379
             *     ]
             */
            p50_in: (number | null)[];
            /**
             * @description Seconds for each interval, to within 19 %: what 95 of 100 didn’t take longer than. Null: there was nothing.
             * @example [
             *       null,
             *       0.0379
             *     ]
             */
            p95_in: (number | null)[];
        };
        CircuitStatusResponse: {
            /** @enum {string} */
            endpoint: "api" | "token";
            /** @enum {string} */
            state: "closed" | "half-open" | "open";
            /**
             * @description How the provider failed last.
             * @example null
             * @enum {string|null}
             */
            reason: "unreachable" | "timeout" | "broken_answer" | "server_error" | null;
            /**
             * @description In a row.
             * @example 0
             */
            failures: number;
            /**
             * Format: date-time
             * @description Null unless open.
             * @example null
             */
            next_trial_at: string | null;
            /**
             * @description Calls it has kept back since the start.
             * @example 0
             */
            refused: number;
            /**
             * @description The worst of each interval: 0 closed, 1 half-open, 2 open.
             * @example [
             *       0,
             *       0
             *     ]
             */
            states: number[];
        };
        PacingResponse: {
            /**
             * @description Calls that wait for their turn now.
             * @example 0
             */
            waiting_now: number;
            /**
             * @description Calls that waited for their turn. The highest of each interval.
             * @example [
             *       0,
             *       2
             *     ]
             */
            waiting: number[];
            /**
             * @description Calls that got their turn. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            admitted: number[];
            /**
             * @description Calls that had to wait for it. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            waited: number[];
            /**
             * @description Calls whose turn could not come in time. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            refused: number[];
            /**
             * @description How often the provider asked to be left alone. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            held: number[];
        };
        RefreshesResponse: {
            /**
             * @description Brought a new token. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            renewed: number[];
            /**
             * @description The provider will never take the refresh token again. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            dead: number[];
            /**
             * @description It was used by somebody else a moment ago. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            elsewhere: number[];
            /**
             * @description The provider doesn’t accept our client. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            misconfigured: number[];
            /**
             * @description The provider didn’t act on it, and may later. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            not_done: number[];
            /**
             * @description The answer was lost. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            unknown: number[];
        };
        ProviderStatusResponse: {
            /** @example airtable */
            integration: string;
            lately: components["schemas"]["LatelyResponse"];
            circuits: components["schemas"]["CircuitStatusResponse"][];
            /**
             * @description Attempts at the provider. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            attempts: number[];
            /**
             * @description Those without an answer, or with 429 or one from 500. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            failures: number[];
            /**
             * @description Attempts that were followed by another. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            retries: number[];
            /**
             * @description Seconds for each interval, to within 19 %: what half of the attempts didn’t take longer than. Null: there was nothing.
             * @example [
             *       null,
             *       0.0379
             *     ]
             */
            p50_in: (number | null)[];
            /**
             * @description Seconds for each interval, to within 19 %: what 95 of 100 didn’t take longer than. Null: there was nothing.
             * @example [
             *       null,
             *       0.0379
             *     ]
             */
            p95_in: (number | null)[];
            pacing: components["schemas"]["PacingResponse"];
            refreshes: components["schemas"]["RefreshesResponse"];
        };
        StoreStatusResponse: {
            /** @description Whether it can be trusted to keep what it is given. */
            safe: boolean;
            /**
             * @description Whether this process paces calls to providers by itself: the store is away.
             * @example false
             */
            pacing_alone: boolean;
            lately: components["schemas"]["LatelyResponse"];
            /**
             * @description Operations. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            operations: number[];
            /**
             * @description Those that found it away. A count for each interval.
             * @example [
             *       0,
             *       14
             *     ]
             */
            unavailable: number[];
            /**
             * @description Seconds for each interval, to within 19 %: what half of them didn’t take longer than. Null: there was nothing.
             * @example [
             *       null,
             *       0.0379
             *     ]
             */
            p50_in: (number | null)[];
            /**
             * @description Seconds for each interval, to within 19 %: what 95 of 100 didn’t take longer than. Null: there was nothing.
             * @example [
             *       null,
             *       0.0379
             *     ]
             */
            p95_in: (number | null)[];
        };
        StatusResponse: {
            /** Format: date-time */
            as_of: string;
            process: components["schemas"]["ProcessStatusResponse"];
            timeline: components["schemas"]["TimelineResponse"];
            requests: components["schemas"]["RequestsStatusResponse"];
            providers: components["schemas"]["ProviderStatusResponse"][];
            store: components["schemas"]["StoreStatusResponse"];
        };
        AuthorizeRequest: {
            /** @example demo-user */
            user_id: string;
            /** @example demo-org */
            org_id: string;
            /** @description What to ask for. Left out: the configured scopes. */
            scopes?: string[];
            /** @description Where the browser goes afterwards, on an allowed origin. Left out: the popup tells its opener and closes. */
            return_url?: string;
        };
        AuthorizeResponse: {
            /**
             * @description Open it in a popup.
             * @example https://airtable.com/oauth2/v1/authorize?…
             */
            authorization_url: string;
            /**
             * @description Single use.
             * @example q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg
             */
            state: string;
            /**
             * @description Seconds.
             * @example 600
             */
            expires_in: number;
        };
        AuthorizationOutcomeResponse: {
            /**
             * @example connected
             * @enum {string}
             */
            status: "pending" | "connected" | "denied" | "failed" | "expired";
            /** @example con_4ZkFq0n8X2m3vJc1yTbRdA */
            connection_id?: string;
            /** @description One of the error codes, or access_denied. */
            error?: string;
        };
        CredentialsRequest: {
            /** @example demo-user */
            user_id: string;
            /** @example demo-org */
            org_id: string;
            /** @description Left out: the one authorised last. */
            connection_id?: string;
            /** @description Needs an API client with tokens:read. */
            include?: "access_token"[];
        };
        CredentialsResponse: {
            connection: components["schemas"]["ConnectionResponse"];
            /** @description Only for an API client with tokens:read that asked for it. */
            access_token?: string;
            /** @enum {string} */
            token_type?: "Bearer";
            /** @description Seconds the token is still good. Absent: the provider doesn’t say. */
            expires_in?: number;
        };
        DisconnectedResponse: {
            /** @enum {boolean} */
            deleted: true;
            /** @description Whether the provider said that it has revoked the grant. */
            revoked: boolean;
        };
        IntegrationItemResponse: {
            /**
             * @description Unique within a connection.
             * @example 59833787-2cf9-4fdf-8782-e53db20768a5
             */
            id: string;
            /** @example page */
            type: string;
            /** @description Whether it holds other items. */
            directory: boolean;
            parent_path_or_name: string | null;
            parent_id: string | null;
            /** @example Roadmap */
            name: string | null;
            /**
             * Format: date-time
             * @example 2026-03-14T09:26:53.000Z
             */
            creation_time: string | null;
            /** Format: date-time */
            last_modified_time: string | null;
            /** @example https://www.notion.so/598337872cf94fdf8782e53db20768a5 */
            url: string | null;
            children: string[] | null;
            mime_type: string | null;
            delta: string | null;
            drive_id: string | null;
            /** @description False for what the provider hides: archived, in the trash, deactivated. */
            visibility: boolean;
            /** @example notion */
            integration: string;
            /** @example con_4ZkFq0n8X2m3vJc1yTbRdA */
            connection_id: string;
        };
        LoadFailureResponse: {
            /** @example database */
            item_type: string;
            /**
             * @description An error code.
             * @example provider_timeout
             */
            error: string;
            /** @example The provider did not answer in time. */
            message: string;
        };
        TypeChangesResponse: {
            /** @example contact */
            item_type: string;
            /**
             * @description provider: its own filter finds them; patchbay: everything is read and compared by its time of change; nobody: the provider tells no such time, so everything comes again.
             * @enum {string}
             */
            found_by: "provider" | "patchbay" | "nobody";
            /**
             * @description Whether deleted items are among them, with delta "deleted".
             * @example false
             */
            deletions: boolean;
        };
        ItemPageResponse: {
            items: components["schemas"]["IntegrationItemResponse"][];
            /** @description Pass it as cursor for the next page; null at the end. */
            next_cursor: string | null;
            /** @description False when something that was asked for could not be had. */
            complete: boolean;
            /**
             * @description True when the provider can’t be reached and the page is shown as it was loaded earlier. Its cursor goes on in that load while the provider is away, and at the provider once it is back.
             * @example false
             */
            stale: boolean;
            /**
             * Format: date-time
             * @description When the page was loaded from the provider.
             */
            as_of: string;
            failures: components["schemas"]["LoadFailureResponse"][];
            /** @description At the end of a load: pass it as checkpoint to load what changed since this load began. Null before. */
            checkpoint: string | null;
            /** @description For a load of what changed: how that was found, by item type. Empty for a whole load. */
            changes: components["schemas"]["TypeChangesResponse"][];
        };
        LoadProgressResponse: {
            /** @example contact */
            item_type: string;
            /** @example 12300 */
            loaded: number;
            /**
             * @description Of the provider’s.
             * @example 123
             */
            pages: number;
            /** @description How many there are, where the provider tells. */
            total: number | null;
            /**
             * @description How often the provider’s limit, or an outage, made us wait.
             * @example 2
             */
            waits: number;
            /** @description Seconds until we go on; null when we aren’t waiting. */
            waiting_in: number | null;
            done: boolean;
        };
        StreamEndResponse: {
            /** @example 48210 */
            loaded: number;
            /** @description False when something that was asked for could not be had. */
            complete: boolean;
            failures: components["schemas"]["LoadFailureResponse"][];
            /** @description Pass it as checkpoint: what is missing is loaded from where it was left, the rest since this load began. */
            checkpoint: string;
            changes: components["schemas"]["TypeChangesResponse"][];
        };
        StreamLineResponse: {
            item?: components["schemas"]["IntegrationItemResponse"];
            progress?: components["schemas"]["LoadProgressResponse"];
            /** @description From where a stream that broke off goes on. Every second. */
            checkpoint?: string;
            end?: components["schemas"]["StreamEndResponse"];
        };
        LoadRequest: {
            /** @example demo-user */
            user_id: string;
            /** @example demo-org */
            org_id: string;
            /** @description Left out: the one authorised last. */
            connection_id?: string;
            /** @description Left out: the integration’s default item types. */
            item_types?: string[];
            /**
             * Format: date-time
             * @description Only what changed since, where that can be known.
             */
            modified_since?: string;
            /** @description Left out: 100. */
            page_size?: number;
            /** @description next_cursor of the page before. */
            cursor?: string;
            /** @description The checkpoint of an earlier load: of its end, for what changed since it began; of a stream that broke off, to go on. With the item types it was given for, and without cursor or modified_since. */
            checkpoint?: string;
        };
        /** @description The body of every refusal. */
        ErrorEnvelope: {
            /**
             * @description Stable, for programs.
             * @enum {string}
             */
            error: "invalid_request" | "signature_required" | "invalid_signature" | "signature_expired" | "replayed_request" | "unknown_key" | "forbidden" | "not_found" | "unknown_integration" | "connection_not_found" | "method_not_allowed" | "reauthorization_required" | "integration_not_configured" | "authorization_expired" | "payload_too_large" | "unsupported_media_type" | "cursor_invalid" | "rate_limited" | "internal_error" | "provider_error" | "provider_protocol_error" | "provider_unavailable" | "provider_rate_limited" | "storage_unavailable" | "service_unavailable" | "provider_timeout";
            /** @description One sentence a person can act on. */
            message: string;
            details: {
                /** @description Also in X-Request-Id; finds the request in the log. */
                request_id: string;
                /** @description What is wrong with which member, for invalid_request. */
                fields?: {
                    field: string;
                    problem: string;
                }[];
                /** @description Seconds; also in Retry-After. */
                retry_after?: number;
                integration?: string;
                /** @description What the provider answered with. */
                provider_status?: number;
                /** @description The provider’s own code for what it refused, such as missing_scope. */
                provider_reason?: string;
                connection_id?: string;
            };
        };
    };
    responses: {
        /** @description `invalid_request`: Malformed JSON, or an unknown, missing or bad member; `details.fields` names them. */
        InvalidRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "invalid_request";
                };
            };
        };
        /** @description `forbidden`: The caller may not act for this user, organisation or integration, or lacks the permission. */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "forbidden";
                };
            };
        };
        /** @description `method_not_allowed`: The path answers to other methods; `Allow` names them. */
        MethodNotAllowed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Allow: components["headers"]["Allow"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "method_not_allowed";
                };
            };
        };
        /** @description `payload_too_large`: The body is over 100 KB. */
        PayloadTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "payload_too_large";
                };
            };
        };
        /** @description `unsupported_media_type`: The body is neither JSON nor a form, not UTF-8, or compressed. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "unsupported_media_type";
                };
            };
        };
        /** @description `internal_error`: A defect of ours. The request id finds it in the log. */
        InternalError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "internal_error";
                };
            };
        };
        /**
         * @description `invalid_signature`: The signature does not hold for this request, covers too little, or the digest is not the body’s.
         *
         *     `replayed_request`: The key’s nonce was used before: sign each request anew.
         *
         *     `signature_expired`: `created` is over 300 s old or over 30 s ahead, or `expires` is past.
         *
         *     `signature_required`: The request is not signed. `Accept-Signature` says what a signature has to cover.
         *
         *     `unknown_key`: No client or session with this key id, or it was revoked or has ended.
         */
        InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Accept-Signature": components["headers"]["Accept-Signature"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "invalid_signature" | "replayed_request" | "signature_expired" | "signature_required" | "unknown_key";
                };
            };
        };
        /**
         * @description `service_unavailable`: This process takes on no more for the moment: it is overloaded, or shutting down. Try again after `Retry-After`.
         *
         *     `storage_unavailable`: Our store can’t be reached; try again after `Retry-After`.
         */
        ServiceUnavailableOrStorageUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "service_unavailable" | "storage_unavailable";
                };
            };
        };
        /** @description `rate_limited`: Over our limit; try again after `Retry-After`. */
        RateLimited: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "rate_limited";
                };
            };
        };
        /**
         * @description `invalid_signature`: The signature does not hold for this request, covers too little, or the digest is not the body’s.
         *
         *     `replayed_request`: The key’s nonce was used before: sign each request anew.
         *
         *     `signature_expired`: `created` is over 300 s old or over 30 s ahead, or `expires` is past.
         *
         *     `signature_required`: The request is not signed. `Accept-Signature` says what a signature has to cover.
         */
        InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Accept-Signature": components["headers"]["Accept-Signature"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "invalid_signature" | "replayed_request" | "signature_expired" | "signature_required";
                };
            };
        };
        /** @description `unknown_integration`: No integration has this name. */
        UnknownIntegration: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "unknown_integration";
                };
            };
        };
        /** @description `invalid_request`: Malformed JSON, or an unknown, missing or bad member; `details.fields` names them. */
        InvalidRequestUncounted: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "invalid_request";
                };
            };
        };
        /** @description `forbidden`: The caller may not act for this user, organisation or integration, or lacks the permission. */
        ForbiddenUncounted: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "forbidden";
                };
            };
        };
        /** @description `method_not_allowed`: The path answers to other methods; `Allow` names them. */
        MethodNotAllowedUncounted: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "method_not_allowed";
                };
            };
        };
        /** @description `payload_too_large`: The body is over 100 KB. */
        PayloadTooLargeUncounted: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "payload_too_large";
                };
            };
        };
        /** @description `unsupported_media_type`: The body is neither JSON nor a form, not UTF-8, or compressed. */
        UnsupportedMediaTypeUncounted: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "unsupported_media_type";
                };
            };
        };
        /** @description `internal_error`: A defect of ours. The request id finds it in the log. */
        InternalErrorUncounted: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "internal_error";
                };
            };
        };
        /** @description `not_found`: There is nothing at this path, or nothing by this name. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "not_found";
                };
            };
        };
        /** @description `service_unavailable`: This process takes on no more for the moment: it is overloaded, or shutting down. Try again after `Retry-After`. */
        ServiceUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "service_unavailable";
                };
            };
        };
        /** @description `integration_not_configured`: This installation has no client id and secret for the integration. */
        IntegrationNotConfigured: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "integration_not_configured";
                };
            };
        };
        /** @description `authorization_expired`: The state is unknown, used or too old: begin again. */
        AuthorizationExpiredPage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "authorization_expired";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /**
         * @description `provider_rate_limited`: The provider’s limit lasts longer than we wait; try again after `Retry-After`.
         *
         *     `provider_unavailable`: The provider is down, or was until just now; try again after `Retry-After`.
         *
         *     `service_unavailable`: This process takes on no more for the moment: it is overloaded, or shutting down. Try again after `Retry-After`.
         *
         *     `storage_unavailable`: Our store can’t be reached; try again after `Retry-After`.
         */
        ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailablePage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "provider_rate_limited" | "provider_unavailable" | "service_unavailable" | "storage_unavailable";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /**
         * @description `integration_not_configured`: This installation has no client id and secret for the integration.
         *
         *     `reauthorization_required`: The provider has withdrawn the grant: the user has to connect again.
         */
        IntegrationNotConfiguredOrReauthorizationRequiredPage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "integration_not_configured" | "reauthorization_required";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /**
         * @description `provider_error`: The provider refused what should have worked.
         *
         *     `provider_protocol_error`: The provider’s answer makes no sense.
         */
        ProviderErrorOrProviderProtocolErrorPage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "provider_error" | "provider_protocol_error";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /** @description `provider_timeout`: The provider took too long. */
        ProviderTimeoutPage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "provider_timeout";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /** @description `invalid_request`: Malformed JSON, or an unknown, missing or bad member; `details.fields` names them. */
        InvalidRequestPage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "invalid_request";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /** @description `forbidden`: The caller may not act for this user, organisation or integration, or lacks the permission. */
        ForbiddenPage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "forbidden";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /** @description `method_not_allowed`: The path answers to other methods; `Allow` names them. */
        MethodNotAllowedPage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Allow: components["headers"]["Allow"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "method_not_allowed";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /** @description `payload_too_large`: The body is over 100 KB. */
        PayloadTooLargePage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "payload_too_large";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /** @description `unsupported_media_type`: The body is neither JSON nor a form, not UTF-8, or compressed. */
        UnsupportedMediaTypePage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "unsupported_media_type";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /** @description `internal_error`: A defect of ours. The request id finds it in the log. */
        InternalErrorPage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "internal_error";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /** @description `rate_limited`: Over our limit; try again after `Retry-After`. */
        RateLimitedPage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "rate_limited";
                };
                /** @example <!doctype html><html lang="en"><title>Not connected</title>…</html> */
                "text/html": string;
            };
        };
        /** @description `connection_not_found`: The user has no such connection: connect first. */
        ConnectionNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "connection_not_found";
                };
            };
        };
        /**
         * @description `integration_not_configured`: This installation has no client id and secret for the integration.
         *
         *     `reauthorization_required`: The provider has withdrawn the grant: the user has to connect again.
         */
        IntegrationNotConfiguredOrReauthorizationRequired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "integration_not_configured" | "reauthorization_required";
                };
            };
        };
        /**
         * @description `provider_error`: The provider refused what should have worked.
         *
         *     `provider_protocol_error`: The provider’s answer makes no sense.
         */
        ProviderErrorOrProviderProtocolError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "provider_error" | "provider_protocol_error";
                };
            };
        };
        /**
         * @description `provider_rate_limited`: The provider’s limit lasts longer than we wait; try again after `Retry-After`.
         *
         *     `provider_unavailable`: The provider is down, or was until just now; try again after `Retry-After`.
         *
         *     `service_unavailable`: This process takes on no more for the moment: it is overloaded, or shutting down. Try again after `Retry-After`.
         *
         *     `storage_unavailable`: Our store can’t be reached; try again after `Retry-After`.
         */
        ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "provider_rate_limited" | "provider_unavailable" | "service_unavailable" | "storage_unavailable";
                };
            };
        };
        /** @description `provider_timeout`: The provider took too long. */
        ProviderTimeout: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "provider_timeout";
                };
            };
        };
        /** @description `cursor_invalid`: The cursor is not ours, or of another connection or query: start again without it. */
        CursorInvalid: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorEnvelope"] & {
                    /** @enum {unknown} */
                    error?: "cursor_invalid";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description The id of this request in the log: the caller’s own X-Request-Id when it sent a sane one.
         * @example 0b6c8b8e-3c5e-4f5e-9d37-2f3f4a1c9a55
         */
        "X-Request-Id": string;
        /**
         * @description Seconds until another try makes sense.
         * @example 12
         */
        "Retry-After": number;
        /**
         * @description With a stale page (RFC 7234 §5.5.1).
         * @example 110 - "Response is Stale"
         */
        Warning: string;
        /**
         * @description What is left of each limit and when more comes (IETF draft RateLimit fields). Absent where limits are off.
         * @example "ip";r=37;t=12, "user";r=99;t=60
         */
        RateLimit: string;
        /**
         * @description The limits: so many requests (q) in any window of so many seconds (w).
         * @example "ip";q=100;w=60, "user";q=100;w=60
         */
        "RateLimit-Policy": string;
        /**
         * @description Names the scheme (RFC 9110 §11.6.1).
         * @example Signature
         */
        "WWW-Authenticate": string;
        /**
         * @description What a signature has to cover (RFC 9421 §5).
         * @example sig1=("@method" "@authority" "@path" "@query" "content-digest" "content-type");created;keyid;nonce
         */
        "Accept-Signature": string;
        /**
         * @description The methods this path answers to.
         * @example GET, HEAD
         */
        Allow: string;
        /**
         * @description The return_url of the authorization, with its result in the query.
         * @example http://localhost:8000/done?status=connected&connection_id=con_4ZkFq0n8X2m3vJc1yTbRdA
         */
        Location: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    Sessions_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org",
                 *       "integrations": [
                 *         "notion"
                 *       ],
                 *       "return_url": "http://localhost:3000/settings"
                 *     }
                 */
                "application/json": components["schemas"]["SessionRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org",
                 *       "integrations": [
                 *         "notion"
                 *       ],
                 *       "return_url": "http://localhost:3000/settings"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["SessionRequest"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "session_token": "nJ0c1Yt5bWq8Xv2ZkR7uHs4mPdA9eLgFyTiB6oC3wQE",
                     *       "connect_url": "http://localhost:8000/connect#session=nJ0c1Yt5bWq8Xv2ZkR7uHs4mPdA9eLgFyTiB6oC3wQE",
                     *       "expires_in": 600
                     *     }
                     */
                    "application/json": components["schemas"]["SessionTokenResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Sessions_activate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "session_token": "nJ0c1Yt5bWq8Xv2ZkR7uHs4mPdA9eLgFyTiB6oC3wQE",
                 *       "public_key": {
                 *         "kty": "EC",
                 *         "crv": "P-256",
                 *         "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                 *         "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ActivateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "session_id": "ses_8K2vX0m3vJc1yTbRdA4ZkF",
                     *       "user_id": "demo-user",
                     *       "org_id": "demo-org",
                     *       "integrations": [
                     *         "notion"
                     *       ],
                     *       "permissions": [],
                     *       "expires_in": 3600,
                     *       "return_url": "http://localhost:3000/settings"
                     *     }
                     */
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequired"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Sessions_current: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "session_id": "ses_8K2vX0m3vJc1yTbRdA4ZkF",
                     *       "user_id": "demo-user",
                     *       "org_id": "demo-org",
                     *       "integrations": [
                     *         "notion"
                     *       ],
                     *       "permissions": [],
                     *       "expires_in": 3600,
                     *       "return_url": "http://localhost:3000/settings"
                     *     }
                     */
                    "application/json": components["schemas"]["SessionResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Sessions_end: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    DemoSessions_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["OwnerRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["OwnerRequest"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "session_token": "nJ0c1Yt5bWq8Xv2ZkR7uHs4mPdA9eLgFyTiB6oC3wQE",
                     *       "connect_url": "http://localhost:8000/connect#session=nJ0c1Yt5bWq8Xv2ZkR7uHs4mPdA9eLgFyTiB6oC3wQE",
                     *       "expires_in": 600
                     *     }
                     */
                    "application/json": components["schemas"]["SessionTokenResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Catalog_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "integrations": [
                     *         {
                     *           "integration": "notion",
                     *           "display_name": "Notion",
                     *           "status": "available",
                     *           "sandbox": true,
                     *           "item_types": [
                     *             "page",
                     *             "database"
                     *           ],
                     *           "default_item_types": [
                     *             "page"
                     *           ],
                     *           "scopes": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["IntegrationListResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Connections_list: {
        parameters: {
            query: {
                /** @example demo-user */
                user_id: string;
                /** @example demo-org */
                org_id: string;
                /**
                 * @description Only this integration’s.
                 * @example notion
                 */
                integration?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "connections": [
                     *         {
                     *           "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA",
                     *           "integration": "airtable",
                     *           "user_id": "demo-user",
                     *           "org_id": "demo-org",
                     *           "account": {
                     *             "id": "usrL2PNC5o3H4lBEi",
                     *             "name": "ann@acme.test"
                     *           },
                     *           "scopes": [
                     *             "schema.bases:read"
                     *           ],
                     *           "requested_scopes": [
                     *             "schema.bases:read",
                     *             "data.records:read"
                     *           ],
                     *           "status": "active",
                     *           "reason": null,
                     *           "ended_at": "2026-03-14T09:26:53.000Z",
                     *           "created_at": "2026-03-14T09:26:53.000Z",
                     *           "updated_at": "2026-03-14T09:26:53.000Z",
                     *           "last_used_at": "2026-03-14T09:26:53.000Z",
                     *           "expires_at": "2026-03-14T09:26:53.000Z",
                     *           "last_refreshed_at": "2026-03-14T09:26:53.000Z",
                     *           "next_refresh_at": "2026-03-14T09:26:53.000Z",
                     *           "refresh_failure": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ConnectionListResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["UnknownIntegration"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Health Check is successful */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "info": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         }
                     *       },
                     *       "error": {},
                     *       "details": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @example ok
                         * @enum {string}
                         */
                        status?: "ok" | "degraded";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /** @example {} */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequestUncounted"];
            403: components["responses"]["ForbiddenUncounted"];
            405: components["responses"]["MethodNotAllowedUncounted"];
            413: components["responses"]["PayloadTooLargeUncounted"];
            415: components["responses"]["UnsupportedMediaTypeUncounted"];
            500: components["responses"]["InternalErrorUncounted"];
            /** @description The Health Check is not successful */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "error",
                     *       "info": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         }
                     *       },
                     *       "error": {
                     *         "redis": {
                     *           "status": "down",
                     *           "message": "Could not connect",
                     *           "responseTime": 3005
                     *         }
                     *       },
                     *       "details": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         },
                     *         "redis": {
                     *           "status": "down",
                     *           "message": "Could not connect",
                     *           "responseTime": 3005
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @example error
                         * @enum {string}
                         */
                        status?: "error" | "shutting_down";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       },
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
    };
    Health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Health Check is successful */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "info": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         }
                     *       },
                     *       "error": {},
                     *       "details": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @example ok
                         * @enum {string}
                         */
                        status?: "ok" | "degraded";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /** @example {} */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequestUncounted"];
            403: components["responses"]["ForbiddenUncounted"];
            405: components["responses"]["MethodNotAllowedUncounted"];
            413: components["responses"]["PayloadTooLargeUncounted"];
            415: components["responses"]["UnsupportedMediaTypeUncounted"];
            500: components["responses"]["InternalErrorUncounted"];
            /** @description The Health Check is not successful */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "error",
                     *       "info": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         }
                     *       },
                     *       "error": {
                     *         "redis": {
                     *           "status": "down",
                     *           "message": "Could not connect",
                     *           "responseTime": 3005
                     *         }
                     *       },
                     *       "details": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         },
                     *         "redis": {
                     *           "status": "down",
                     *           "message": "Could not connect",
                     *           "responseTime": 3005
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @example error
                         * @enum {string}
                         */
                        status?: "error" | "shutting_down";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       },
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
    };
    Health_all: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Health Check is successful */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "info": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         }
                     *       },
                     *       "error": {},
                     *       "details": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @example ok
                         * @enum {string}
                         */
                        status?: "ok" | "degraded";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /** @example {} */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequestUncounted"];
            403: components["responses"]["ForbiddenUncounted"];
            405: components["responses"]["MethodNotAllowedUncounted"];
            413: components["responses"]["PayloadTooLargeUncounted"];
            415: components["responses"]["UnsupportedMediaTypeUncounted"];
            500: components["responses"]["InternalErrorUncounted"];
            /** @description The Health Check is not successful */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "error",
                     *       "info": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         }
                     *       },
                     *       "error": {
                     *         "redis": {
                     *           "status": "down",
                     *           "message": "Could not connect",
                     *           "responseTime": 3005
                     *         }
                     *       },
                     *       "details": {
                     *         "database": {
                     *           "status": "up",
                     *           "responseTime": 12
                     *         },
                     *         "redis": {
                     *           "status": "down",
                     *           "message": "Could not connect",
                     *           "responseTime": 3005
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": {
                        /**
                         * @example error
                         * @enum {string}
                         */
                        status?: "error" | "shutting_down";
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       }
                         *     }
                         */
                        info?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        error?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        } | null;
                        /**
                         * @example {
                         *       "database": {
                         *         "status": "up",
                         *         "responseTime": 12
                         *       },
                         *       "redis": {
                         *         "status": "down",
                         *         "message": "Could not connect",
                         *         "responseTime": 3005
                         *       }
                         *     }
                         */
                        details?: {
                            [key: string]: {
                                /** @enum {string} */
                                status: "up" | "degraded" | "down";
                                /** @description Time the health indicator took to respond, in ms */
                                responseTime?: number;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
    };
    Metrics_read: {
        parameters: {
            query?: never;
            header?: {
                /** @description `Bearer` and the METRICS_TOKEN. */
                Authorization?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example patchbay_requests_in_flight 3 */
                    "text/plain": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    Status_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "as_of": "2026-03-14T09:26:53.000Z",
                     *       "process": {
                     *         "id": "prc_5f0c1b9e2a7d",
                     *         "started_at": "2026-03-14T09:26:53.000Z",
                     *         "event_loop": "ok",
                     *         "heap": "ok",
                     *         "heap_limit_bytes": 536870912,
                     *         "event_loop_delay_in": [
                     *           0.002,
                     *           0.011
                     *         ],
                     *         "heap_used_bytes": [
                     *           48000000,
                     *           51200000
                     *         ],
                     *         "open_streams": [
                     *           0,
                     *           2
                     *         ]
                     *       },
                     *       "timeline": {
                     *         "first_at": "2026-03-14T09:26:53.000Z",
                     *         "interval_in": 2,
                     *         "last_interval_in": 2,
                     *         "intervals": 2,
                     *         "lately_in": 60
                     *       },
                     *       "requests": {
                     *         "lately": {
                     *           "per_second": 12.4,
                     *           "p50_in": 0.0379,
                     *           "p95_in": 0.107,
                     *           "failed": 0
                     *         },
                     *         "in_flight": 3,
                     *         "limit": 500,
                     *         "rate_limits_alone": false,
                     *         "answers": {
                     *           "served": [
                     *             0,
                     *             14
                     *           ],
                     *           "refused": [
                     *             0,
                     *             14
                     *           ],
                     *           "rate_limited": [
                     *             0,
                     *             14
                     *           ],
                     *           "failed": [
                     *             0,
                     *             14
                     *           ],
                     *           "aborted": [
                     *             0,
                     *             14
                     *           ],
                     *           "shed": [
                     *             0,
                     *             14
                     *           ]
                     *         },
                     *         "p50_in": [
                     *           null,
                     *           0.0379
                     *         ],
                     *         "p95_in": [
                     *           null,
                     *           0.0379
                     *         ]
                     *       },
                     *       "providers": [
                     *         {
                     *           "integration": "airtable",
                     *           "lately": {
                     *             "per_second": 12.4,
                     *             "p50_in": 0.0379,
                     *             "p95_in": 0.107,
                     *             "failed": 0
                     *           },
                     *           "circuits": [
                     *             {
                     *               "endpoint": "api",
                     *               "state": "closed",
                     *               "reason": null,
                     *               "failures": 0,
                     *               "next_trial_at": null,
                     *               "refused": 0,
                     *               "states": [
                     *                 0,
                     *                 0
                     *               ]
                     *             }
                     *           ],
                     *           "attempts": [
                     *             0,
                     *             14
                     *           ],
                     *           "failures": [
                     *             0,
                     *             14
                     *           ],
                     *           "retries": [
                     *             0,
                     *             14
                     *           ],
                     *           "p50_in": [
                     *             null,
                     *             0.0379
                     *           ],
                     *           "p95_in": [
                     *             null,
                     *             0.0379
                     *           ],
                     *           "pacing": {
                     *             "waiting_now": 0,
                     *             "waiting": [
                     *               0,
                     *               2
                     *             ],
                     *             "admitted": [
                     *               0,
                     *               14
                     *             ],
                     *             "waited": [
                     *               0,
                     *               14
                     *             ],
                     *             "refused": [
                     *               0,
                     *               14
                     *             ],
                     *             "held": [
                     *               0,
                     *               14
                     *             ]
                     *           },
                     *           "refreshes": {
                     *             "renewed": [
                     *               0,
                     *               14
                     *             ],
                     *             "dead": [
                     *               0,
                     *               14
                     *             ],
                     *             "elsewhere": [
                     *               0,
                     *               14
                     *             ],
                     *             "misconfigured": [
                     *               0,
                     *               14
                     *             ],
                     *             "not_done": [
                     *               0,
                     *               14
                     *             ],
                     *             "unknown": [
                     *               0,
                     *               14
                     *             ]
                     *           }
                     *         }
                     *       ],
                     *       "store": {
                     *         "safe": true,
                     *         "pacing_alone": false,
                     *         "lately": {
                     *           "per_second": 12.4,
                     *           "p50_in": 0.0379,
                     *           "p95_in": 0.107,
                     *           "failed": 0
                     *         },
                     *         "operations": [
                     *           0,
                     *           14
                     *         ],
                     *         "unavailable": [
                     *           0,
                     *           14
                     *         ],
                     *         "p50_in": [
                     *           null,
                     *           0.0379
                     *         ],
                     *         "p95_in": [
                     *           null,
                     *           0.0379
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["StatusResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Airtable_authorize: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["AuthorizeRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["AuthorizeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorization_url": "https://airtable.com/oauth2/v1/authorize?…",
                     *       "state": "q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg",
                     *       "expires_in": 600
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizeResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfigured"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Airtable_oauth2callback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page that tells the opener and closes. It says no as calmly: a denial is an answer like any other. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en"><title>Connected</title>…</html> */
                    "text/html": string;
                };
            };
            /** @description The authorization had a return_url: the result is in its query. */
            303: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequestPage"];
            403: components["responses"]["ForbiddenPage"];
            405: components["responses"]["MethodNotAllowedPage"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequiredPage"];
            410: components["responses"]["AuthorizationExpiredPage"];
            413: components["responses"]["PayloadTooLargePage"];
            415: components["responses"]["UnsupportedMediaTypePage"];
            429: components["responses"]["RateLimitedPage"];
            500: components["responses"]["InternalErrorPage"];
            502: components["responses"]["ProviderErrorOrProviderProtocolErrorPage"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailablePage"];
            504: components["responses"]["ProviderTimeoutPage"];
        };
    };
    Airtable_authorization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As authorize answered it.
                 * @example q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg
                 */
                state: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "connected",
                     *       "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA"
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationOutcomeResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Airtable_credentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["CredentialsRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["CredentialsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "connection": {
                     *         "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA",
                     *         "integration": "airtable",
                     *         "user_id": "demo-user",
                     *         "org_id": "demo-org",
                     *         "account": {
                     *           "id": "usrL2PNC5o3H4lBEi",
                     *           "name": "ann@acme.test"
                     *         },
                     *         "scopes": [
                     *           "schema.bases:read"
                     *         ],
                     *         "requested_scopes": [
                     *           "schema.bases:read",
                     *           "data.records:read"
                     *         ],
                     *         "status": "active",
                     *         "reason": null,
                     *         "ended_at": "2026-03-14T09:26:53.000Z",
                     *         "created_at": "2026-03-14T09:26:53.000Z",
                     *         "updated_at": "2026-03-14T09:26:53.000Z",
                     *         "last_used_at": "2026-03-14T09:26:53.000Z",
                     *         "expires_at": "2026-03-14T09:26:53.000Z",
                     *         "last_refreshed_at": "2026-03-14T09:26:53.000Z",
                     *         "next_refresh_at": "2026-03-14T09:26:53.000Z",
                     *         "refresh_failure": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CredentialsResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Airtable_disconnect: {
        parameters: {
            query: {
                /** @example demo-user */
                user_id: string;
                /** @example demo-org */
                org_id: string;
                /** @description Left out: the one authorised last. */
                connection_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true,
                     *       "revoked": true
                     *     }
                     */
                    "application/json": components["schemas"]["DisconnectedResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Airtable_load: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["LoadRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["LoadRequest"];
            };
        };
        responses: {
            /** @description A page, or a stream of lines. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Warning: components["headers"]["Warning"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "59833787-2cf9-4fdf-8782-e53db20768a5",
                     *           "type": "page",
                     *           "directory": true,
                     *           "parent_path_or_name": null,
                     *           "parent_id": null,
                     *           "name": "Roadmap",
                     *           "creation_time": "2026-03-14T09:26:53.000Z",
                     *           "last_modified_time": "2026-03-14T09:26:53.000Z",
                     *           "url": "https://www.notion.so/598337872cf94fdf8782e53db20768a5",
                     *           "children": [
                     *             "text"
                     *           ],
                     *           "mime_type": null,
                     *           "delta": null,
                     *           "drive_id": null,
                     *           "visibility": true,
                     *           "integration": "notion",
                     *           "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "complete": true,
                     *       "stale": false,
                     *       "as_of": "2026-03-14T09:26:53.000Z",
                     *       "failures": [
                     *         {
                     *           "item_type": "database",
                     *           "error": "provider_timeout",
                     *           "message": "The provider did not answer in time."
                     *         }
                     *       ],
                     *       "checkpoint": null,
                     *       "changes": [
                     *         {
                     *           "item_type": "contact",
                     *           "found_by": "provider",
                     *           "deletions": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ItemPageResponse"];
                    /** @example {} */
                    "application/x-ndjson": components["schemas"]["StreamLineResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["CursorInvalid"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Notion_authorize: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["AuthorizeRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["AuthorizeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorization_url": "https://airtable.com/oauth2/v1/authorize?…",
                     *       "state": "q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg",
                     *       "expires_in": 600
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizeResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfigured"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Notion_oauth2callback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page that tells the opener and closes. It says no as calmly: a denial is an answer like any other. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en"><title>Connected</title>…</html> */
                    "text/html": string;
                };
            };
            /** @description The authorization had a return_url: the result is in its query. */
            303: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequestPage"];
            403: components["responses"]["ForbiddenPage"];
            405: components["responses"]["MethodNotAllowedPage"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequiredPage"];
            410: components["responses"]["AuthorizationExpiredPage"];
            413: components["responses"]["PayloadTooLargePage"];
            415: components["responses"]["UnsupportedMediaTypePage"];
            429: components["responses"]["RateLimitedPage"];
            500: components["responses"]["InternalErrorPage"];
            502: components["responses"]["ProviderErrorOrProviderProtocolErrorPage"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailablePage"];
            504: components["responses"]["ProviderTimeoutPage"];
        };
    };
    Notion_authorization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As authorize answered it.
                 * @example q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg
                 */
                state: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "connected",
                     *       "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA"
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationOutcomeResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Notion_credentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["CredentialsRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["CredentialsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "connection": {
                     *         "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA",
                     *         "integration": "airtable",
                     *         "user_id": "demo-user",
                     *         "org_id": "demo-org",
                     *         "account": {
                     *           "id": "usrL2PNC5o3H4lBEi",
                     *           "name": "ann@acme.test"
                     *         },
                     *         "scopes": [
                     *           "schema.bases:read"
                     *         ],
                     *         "requested_scopes": [
                     *           "schema.bases:read",
                     *           "data.records:read"
                     *         ],
                     *         "status": "active",
                     *         "reason": null,
                     *         "ended_at": "2026-03-14T09:26:53.000Z",
                     *         "created_at": "2026-03-14T09:26:53.000Z",
                     *         "updated_at": "2026-03-14T09:26:53.000Z",
                     *         "last_used_at": "2026-03-14T09:26:53.000Z",
                     *         "expires_at": "2026-03-14T09:26:53.000Z",
                     *         "last_refreshed_at": "2026-03-14T09:26:53.000Z",
                     *         "next_refresh_at": "2026-03-14T09:26:53.000Z",
                     *         "refresh_failure": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CredentialsResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Notion_disconnect: {
        parameters: {
            query: {
                /** @example demo-user */
                user_id: string;
                /** @example demo-org */
                org_id: string;
                /** @description Left out: the one authorised last. */
                connection_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true,
                     *       "revoked": true
                     *     }
                     */
                    "application/json": components["schemas"]["DisconnectedResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Notion_load: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["LoadRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["LoadRequest"];
            };
        };
        responses: {
            /** @description A page, or a stream of lines. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Warning: components["headers"]["Warning"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "59833787-2cf9-4fdf-8782-e53db20768a5",
                     *           "type": "page",
                     *           "directory": true,
                     *           "parent_path_or_name": null,
                     *           "parent_id": null,
                     *           "name": "Roadmap",
                     *           "creation_time": "2026-03-14T09:26:53.000Z",
                     *           "last_modified_time": "2026-03-14T09:26:53.000Z",
                     *           "url": "https://www.notion.so/598337872cf94fdf8782e53db20768a5",
                     *           "children": [
                     *             "text"
                     *           ],
                     *           "mime_type": null,
                     *           "delta": null,
                     *           "drive_id": null,
                     *           "visibility": true,
                     *           "integration": "notion",
                     *           "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "complete": true,
                     *       "stale": false,
                     *       "as_of": "2026-03-14T09:26:53.000Z",
                     *       "failures": [
                     *         {
                     *           "item_type": "database",
                     *           "error": "provider_timeout",
                     *           "message": "The provider did not answer in time."
                     *         }
                     *       ],
                     *       "checkpoint": null,
                     *       "changes": [
                     *         {
                     *           "item_type": "contact",
                     *           "found_by": "provider",
                     *           "deletions": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ItemPageResponse"];
                    /** @example {} */
                    "application/x-ndjson": components["schemas"]["StreamLineResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["CursorInvalid"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Hubspot_hubspotItems: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["LoadRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["LoadRequest"];
            };
        };
        responses: {
            /** @description A page, or a stream of lines. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Warning: components["headers"]["Warning"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "59833787-2cf9-4fdf-8782-e53db20768a5",
                     *           "type": "page",
                     *           "directory": true,
                     *           "parent_path_or_name": null,
                     *           "parent_id": null,
                     *           "name": "Roadmap",
                     *           "creation_time": "2026-03-14T09:26:53.000Z",
                     *           "last_modified_time": "2026-03-14T09:26:53.000Z",
                     *           "url": "https://www.notion.so/598337872cf94fdf8782e53db20768a5",
                     *           "children": [
                     *             "text"
                     *           ],
                     *           "mime_type": null,
                     *           "delta": null,
                     *           "drive_id": null,
                     *           "visibility": true,
                     *           "integration": "notion",
                     *           "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "complete": true,
                     *       "stale": false,
                     *       "as_of": "2026-03-14T09:26:53.000Z",
                     *       "failures": [
                     *         {
                     *           "item_type": "database",
                     *           "error": "provider_timeout",
                     *           "message": "The provider did not answer in time."
                     *         }
                     *       ],
                     *       "checkpoint": null,
                     *       "changes": [
                     *         {
                     *           "item_type": "contact",
                     *           "found_by": "provider",
                     *           "deletions": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ItemPageResponse"];
                    /** @example {} */
                    "application/x-ndjson": components["schemas"]["StreamLineResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["CursorInvalid"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Hubspot_authorize: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["AuthorizeRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["AuthorizeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorization_url": "https://airtable.com/oauth2/v1/authorize?…",
                     *       "state": "q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg",
                     *       "expires_in": 600
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizeResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfigured"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Hubspot_oauth2callback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page that tells the opener and closes. It says no as calmly: a denial is an answer like any other. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en"><title>Connected</title>…</html> */
                    "text/html": string;
                };
            };
            /** @description The authorization had a return_url: the result is in its query. */
            303: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequestPage"];
            403: components["responses"]["ForbiddenPage"];
            405: components["responses"]["MethodNotAllowedPage"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequiredPage"];
            410: components["responses"]["AuthorizationExpiredPage"];
            413: components["responses"]["PayloadTooLargePage"];
            415: components["responses"]["UnsupportedMediaTypePage"];
            429: components["responses"]["RateLimitedPage"];
            500: components["responses"]["InternalErrorPage"];
            502: components["responses"]["ProviderErrorOrProviderProtocolErrorPage"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailablePage"];
            504: components["responses"]["ProviderTimeoutPage"];
        };
    };
    Hubspot_authorization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As authorize answered it.
                 * @example q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg
                 */
                state: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "connected",
                     *       "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA"
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationOutcomeResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Hubspot_credentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["CredentialsRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["CredentialsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "connection": {
                     *         "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA",
                     *         "integration": "airtable",
                     *         "user_id": "demo-user",
                     *         "org_id": "demo-org",
                     *         "account": {
                     *           "id": "usrL2PNC5o3H4lBEi",
                     *           "name": "ann@acme.test"
                     *         },
                     *         "scopes": [
                     *           "schema.bases:read"
                     *         ],
                     *         "requested_scopes": [
                     *           "schema.bases:read",
                     *           "data.records:read"
                     *         ],
                     *         "status": "active",
                     *         "reason": null,
                     *         "ended_at": "2026-03-14T09:26:53.000Z",
                     *         "created_at": "2026-03-14T09:26:53.000Z",
                     *         "updated_at": "2026-03-14T09:26:53.000Z",
                     *         "last_used_at": "2026-03-14T09:26:53.000Z",
                     *         "expires_at": "2026-03-14T09:26:53.000Z",
                     *         "last_refreshed_at": "2026-03-14T09:26:53.000Z",
                     *         "next_refresh_at": "2026-03-14T09:26:53.000Z",
                     *         "refresh_failure": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CredentialsResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Hubspot_disconnect: {
        parameters: {
            query: {
                /** @example demo-user */
                user_id: string;
                /** @example demo-org */
                org_id: string;
                /** @description Left out: the one authorised last. */
                connection_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true,
                     *       "revoked": true
                     *     }
                     */
                    "application/json": components["schemas"]["DisconnectedResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Hubspot_load: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["LoadRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["LoadRequest"];
            };
        };
        responses: {
            /** @description A page, or a stream of lines. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Warning: components["headers"]["Warning"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "59833787-2cf9-4fdf-8782-e53db20768a5",
                     *           "type": "page",
                     *           "directory": true,
                     *           "parent_path_or_name": null,
                     *           "parent_id": null,
                     *           "name": "Roadmap",
                     *           "creation_time": "2026-03-14T09:26:53.000Z",
                     *           "last_modified_time": "2026-03-14T09:26:53.000Z",
                     *           "url": "https://www.notion.so/598337872cf94fdf8782e53db20768a5",
                     *           "children": [
                     *             "text"
                     *           ],
                     *           "mime_type": null,
                     *           "delta": null,
                     *           "drive_id": null,
                     *           "visibility": true,
                     *           "integration": "notion",
                     *           "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "complete": true,
                     *       "stale": false,
                     *       "as_of": "2026-03-14T09:26:53.000Z",
                     *       "failures": [
                     *         {
                     *           "item_type": "database",
                     *           "error": "provider_timeout",
                     *           "message": "The provider did not answer in time."
                     *         }
                     *       ],
                     *       "checkpoint": null,
                     *       "changes": [
                     *         {
                     *           "item_type": "contact",
                     *           "found_by": "provider",
                     *           "deletions": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ItemPageResponse"];
                    /** @example {} */
                    "application/x-ndjson": components["schemas"]["StreamLineResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["CursorInvalid"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Slack_authorize: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["AuthorizeRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["AuthorizeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "authorization_url": "https://airtable.com/oauth2/v1/authorize?…",
                     *       "state": "q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg",
                     *       "expires_in": 600
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizeResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfigured"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Slack_oauth2callback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page that tells the opener and closes. It says no as calmly: a denial is an answer like any other. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en"><title>Connected</title>…</html> */
                    "text/html": string;
                };
            };
            /** @description The authorization had a return_url: the result is in its query. */
            303: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequestPage"];
            403: components["responses"]["ForbiddenPage"];
            405: components["responses"]["MethodNotAllowedPage"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequiredPage"];
            410: components["responses"]["AuthorizationExpiredPage"];
            413: components["responses"]["PayloadTooLargePage"];
            415: components["responses"]["UnsupportedMediaTypePage"];
            429: components["responses"]["RateLimitedPage"];
            500: components["responses"]["InternalErrorPage"];
            502: components["responses"]["ProviderErrorOrProviderProtocolErrorPage"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailablePage"];
            504: components["responses"]["ProviderTimeoutPage"];
        };
    };
    Slack_authorization: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As authorize answered it.
                 * @example q1Wc8rTz5YbN0vJm3KxLs7HdGf2PaE9uRtC4iOoXyQg
                 */
                state: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "connected",
                     *       "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA"
                     *     }
                     */
                    "application/json": components["schemas"]["AuthorizationOutcomeResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailableOrStorageUnavailable"];
        };
    };
    Slack_credentials: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["CredentialsRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["CredentialsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "connection": {
                     *         "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA",
                     *         "integration": "airtable",
                     *         "user_id": "demo-user",
                     *         "org_id": "demo-org",
                     *         "account": {
                     *           "id": "usrL2PNC5o3H4lBEi",
                     *           "name": "ann@acme.test"
                     *         },
                     *         "scopes": [
                     *           "schema.bases:read"
                     *         ],
                     *         "requested_scopes": [
                     *           "schema.bases:read",
                     *           "data.records:read"
                     *         ],
                     *         "status": "active",
                     *         "reason": null,
                     *         "ended_at": "2026-03-14T09:26:53.000Z",
                     *         "created_at": "2026-03-14T09:26:53.000Z",
                     *         "updated_at": "2026-03-14T09:26:53.000Z",
                     *         "last_used_at": "2026-03-14T09:26:53.000Z",
                     *         "expires_at": "2026-03-14T09:26:53.000Z",
                     *         "last_refreshed_at": "2026-03-14T09:26:53.000Z",
                     *         "next_refresh_at": "2026-03-14T09:26:53.000Z",
                     *         "refresh_failure": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CredentialsResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Slack_disconnect: {
        parameters: {
            query: {
                /** @example demo-user */
                user_id: string;
                /** @example demo-org */
                org_id: string;
                /** @description Left out: the one authorised last. */
                connection_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deleted": true,
                     *       "revoked": true
                     *     }
                     */
                    "application/json": components["schemas"]["DisconnectedResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    Slack_load: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/json": components["schemas"]["LoadRequest"];
                /**
                 * @example {
                 *       "user_id": "demo-user",
                 *       "org_id": "demo-org"
                 *     }
                 */
                "application/x-www-form-urlencoded": components["schemas"]["LoadRequest"];
            };
        };
        responses: {
            /** @description A page, or a stream of lines. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Warning: components["headers"]["Warning"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "59833787-2cf9-4fdf-8782-e53db20768a5",
                     *           "type": "page",
                     *           "directory": true,
                     *           "parent_path_or_name": null,
                     *           "parent_id": null,
                     *           "name": "Roadmap",
                     *           "creation_time": "2026-03-14T09:26:53.000Z",
                     *           "last_modified_time": "2026-03-14T09:26:53.000Z",
                     *           "url": "https://www.notion.so/598337872cf94fdf8782e53db20768a5",
                     *           "children": [
                     *             "text"
                     *           ],
                     *           "mime_type": null,
                     *           "delta": null,
                     *           "drive_id": null,
                     *           "visibility": true,
                     *           "integration": "notion",
                     *           "connection_id": "con_4ZkFq0n8X2m3vJc1yTbRdA"
                     *         }
                     *       ],
                     *       "next_cursor": null,
                     *       "complete": true,
                     *       "stale": false,
                     *       "as_of": "2026-03-14T09:26:53.000Z",
                     *       "failures": [
                     *         {
                     *           "item_type": "database",
                     *           "error": "provider_timeout",
                     *           "message": "The provider did not answer in time."
                     *         }
                     *       ],
                     *       "checkpoint": null,
                     *       "changes": [
                     *         {
                     *           "item_type": "contact",
                     *           "found_by": "provider",
                     *           "deletions": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ItemPageResponse"];
                    /** @example {} */
                    "application/x-ndjson": components["schemas"]["StreamLineResponse"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["InvalidSignatureOrReplayedRequestOrSignatureExpiredOrSignatureRequiredOrUnknownKey"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["ConnectionNotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["IntegrationNotConfiguredOrReauthorizationRequired"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["CursorInvalid"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["ProviderErrorOrProviderProtocolError"];
            503: components["responses"]["ProviderRateLimitedOrProviderUnavailableOrServiceUnavailableOrStorageUnavailable"];
            504: components["responses"]["ProviderTimeout"];
        };
    };
    OpenApi_document: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.0"
                     *     }
                     */
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
}
