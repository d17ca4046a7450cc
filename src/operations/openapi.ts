import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from './openapi-document.ts';

const SIGNING_SCRIPT = 'docs-signing.browser.js';

/** The schemes can't be typed into Swagger UI's own dialog, so that is put away: the form above the document is theirs. */
const STYLE = `.swagger-ui .auth-wrapper, .swagger-ui .authorization__btn { display: none }
.signing { max-width: 1460px; margin: 0 auto; padding: 16px 20px; font: 14px sans-serif; color: #3b4151; background: #fafafa }
.signing-fields { display: flex; flex-wrap: wrap; gap: 12px; align-items: end }
.signing label { display: grid; gap: 4px; flex: 1 1 260px; font-weight: bold }
.signing input { padding: 8px 10px; border: 1px solid #6b7280; border-radius: 4px; font: 14px monospace }
.signing button { padding: 9px 16px; border: 2px solid #2f6f4f; border-radius: 4px; background: #fff; font-weight: bold }
.signing button:disabled { opacity: .5 }
.signing p { margin: 8px 0 0 }`;

/** What the script adds to the page. */
type SigningPage = typeof globalThis & { readonly signDocsRequest: (request: unknown) => Promise<unknown> };

/** Swagger UI at /docs, the document at /openapi.json. */
export function serveOpenApi(application: INestApplication, publicUrl: string): void {
  const script = readFileSync(join(import.meta.dirname, SIGNING_SCRIPT), 'utf8');
  application.getHttpAdapter().get(`/docs/${SIGNING_SCRIPT}`, (_request: Request, response: Response) => {
    response.type('text/javascript').send(script);
  });
  SwaggerModule.setup('docs', application, () => openApiDocument(application, publicUrl), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Patchbay API',
    customCss: STYLE,
    customJs: `/docs/${SIGNING_SCRIPT}`,
    swaggerOptions: {
      // Runs in the page: written into Swagger UI's start script as it stands.
      requestInterceptor: (request: unknown) => (globalThis as SigningPage).signDocsRequest(request),
      validatorUrl: null,
      persistAuthorization: false,
      defaultModelsExpandDepth: 0,
      docExpansion: 'list',
    },
  });
}
