import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ERROR_CODES, STATUS_BY_ERROR_CODE } from '../errors/error-code.ts';

const DESCRIPTION = `Connect your users' accounts at other services and load their items in one shape.

Every refusal has the same body: \`error\` (one of the codes below), \`message\`, and \`details\` with the request id.

| error | status |
| --- | --- |
${ERROR_CODES.map((code) => `| \`${code}\` | ${STATUS_BY_ERROR_CODE[code]} |`).join('\n')}
`;

const FIELD_PROBLEM = {
  type: 'object',
  required: ['field', 'problem'],
  properties: { field: { type: 'string' }, problem: { type: 'string' } },
};

const ERROR_ENVELOPE = {
  type: 'object',
  required: ['error', 'message', 'details'],
  properties: {
    error: { type: 'string', enum: [...ERROR_CODES] },
    message: { type: 'string', description: 'One sentence a person can act on.' },
    details: {
      type: 'object',
      required: ['request_id'],
      properties: {
        request_id: { type: 'string', description: 'Also in X-Request-Id; finds the request in the log.' },
        fields: { type: 'array', items: FIELD_PROBLEM },
        retry_after: { type: 'number', description: 'Seconds; also in Retry-After.' },
        integration: { type: 'string' },
        provider_status: { type: 'integer' },
        connection_id: { type: 'string' },
      },
    },
  },
};

/** The OpenAPI 3.1 document of a running application. */
export function openApiDocument(application: INestApplication, publicUrl: string): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Patchbay')
    .setDescription(DESCRIPTION)
    .setVersion('0.1.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(publicUrl)
    .build();
  const document = SwaggerModule.createDocument(application, builder, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, ErrorEnvelope: ERROR_ENVELOPE };
  return document;
}

/** Swagger UI at /docs, the document at /openapi.json. */
export function serveOpenApi(application: INestApplication, publicUrl: string): void {
  SwaggerModule.setup('docs', application, () => openApiDocument(application, publicUrl), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Patchbay API',
  });
}
