import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ERROR_ENVELOPE, ERROR_TABLE, errorExamples } from './openapi-errors.ts';
import type { Schema, Schemas } from './openapi-example.ts';
import { HEADERS, REQUEST_ID_EXAMPLE } from './openapi-headers.ts';
import { completeOperation, type Operation, type SharedAnswers } from './openapi-operation.ts';
import { operationId, routeFacts, type RouteFacts } from './openapi-routes.ts';
import { SECURITY_SCHEMES } from './openapi-security.ts';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

const DESCRIPTION = `Connect your users' accounts at other services and load their items in one shape.

## Errors

Every refusal has the same body: \`error\` (one of the codes below), \`message\`, and \`details\` with the request id.
What isn't well-formed HTTP is answered so too, with 400, or 431 when the headers are too large.

${ERROR_TABLE}

## Bodies

At most 100 KB of UTF-8, as \`application/json\` or \`application/x-www-form-urlencoded\` (a list is a member that stands more
than once). Members that are not described are refused.
`;

const TAGS: Readonly<Record<string, string>> = {
  Sessions: 'Let a browser act for one of your users.',
  Catalog: 'Which integrations there are.',
  Connections: 'What a user has connected.',
  Airtable: 'Connect Airtable accounts and load their items.',
  Notion: 'Connect Notion workspaces and load their items.',
  HubSpot: 'Connect HubSpot accounts and load their items.',
  Slack: 'Connect Slack workspaces and load their items.',
  Operations: 'For those who run Patchbay.',
};

/** The OpenAPI 3.1 document of a running application. */
export function openApiDocument(application: INestApplication, publicUrl: string): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Patchbay')
    .setDescription(DESCRIPTION)
    .setVersion('0.1.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .setContact('Whoever runs this installation', publicUrl, '')
    .addServer(publicUrl);
  const document = SwaggerModule.createDocument(application, builder.build(), { operationIdFactory: operationId });
  delete document.info.contact?.email;
  const schemas = { ...document.components?.schemas, ErrorEnvelope: ERROR_ENVELOPE } as unknown as Schemas;
  const shared: SharedAnswers = new Map();
  document.paths['/openapi.json'] = { get: ownOperation() as unknown as OperationObject };
  const facts = new Map([...routeFacts(application), ['OpenApi_document', OWN_ROUTE]]);
  for (const operation of operationsOf(document)) {
    const known = facts.get(operation.operationId);
    if (known === undefined) throw new TypeError(`Nothing is known of ${operation.operationId}.`);
    completeOperation(operation, known, shared, schemas);
  }
  document.tags = usedTags(document).map((name) => ({ name, description: TAGS[name] ?? name }));
  const closed = closeRequests(schemas, document);
  const parts = {
    schemas: closed,
    headers: HEADERS,
    examples: errorExamples(REQUEST_ID_EXAMPLE),
    responses: Object.fromEntries(shared),
    securitySchemes: SECURITY_SCHEMES,
  };
  document.components = parts as unknown as NonNullable<typeof document.components>;
  return document;
}

/** The one route that isn't a controller's. */
const OWN_ROUTE: RouteFacts = { access: { kind: 'public', why: 'it holds nothing of anybody' }, errors: [] };

function ownOperation(): Operation & { summary: string; tags: string[] } {
  const json = { schema: { type: 'object' }, example: { openapi: '3.1.0' } };
  return {
    operationId: 'OpenApi_document',
    summary: 'This document',
    tags: ['Operations'],
    responses: { '200': { description: 'OpenAPI 3.1.', content: { 'application/json': json } } },
  };
}

function operationsOf(document: OpenAPIObject): readonly Operation[] {
  return Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);
}

function usedTags(document: OpenAPIObject): string[] {
  const tags = operationsOf(document).flatMap((operation) => (operation as unknown as { tags: string[] }).tags);
  return [...new Set(tags)];
}

/** Unknown members of a request are refused; an answer may gain some in time. */
function closeRequests(schemas: Schemas, document: OpenAPIObject): Schemas {
  const bodies = operationsOf(document).flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}));
  const names = new Set(bodies.map(({ schema }) => schema?.$ref?.split('/').pop()));
  const close = ([name, schema]: [string, Schema]) =>
    [name, names.has(name) ? { ...schema, additionalProperties: false } : schema] as const;
  return Object.fromEntries(Object.entries(schemas).map(close));
}
