// Writes what depends on the OpenAPI document: docs/openapi.json and the frontend's types. With --check it only tells
// whether they are current.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { createApplication } from '../dist/src/app.setup.js';
import { loadConfig } from '../dist/src/config/load-config.js';
import { integrationKeys } from '../dist/src/integrations/registry.js';
import { openApiDocument } from '../dist/src/operations/openapi-document.js';

const root = join(import.meta.dirname, '..');
const NOTICE = '// Made from docs/openapi.json by "npm run openapi". Changes here are lost.\n';

async function currentDocument() {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-openapi-'));
  const config = loadConfig({ DEMO: 'true', DATA_DIR: dataDir, LOG_LEVEL: 'silent' }, integrationKeys);
  const application = await createApplication(config);
  try {
    return openApiDocument(application, config.publicUrl);
  } finally {
    await application.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const document = await currentDocument();
const outputs = new Map([
  ['docs/openapi.json', `${JSON.stringify(document, null, 2)}\n`],
  ['frontend/src/api/schema.d.ts', NOTICE + astToString(await openapiTypescript(structuredClone(document)))],
]);

const isCheck = process.argv.includes('--check');
for (const [name, text] of outputs) {
  const path = join(root, name);
  if (!isCheck) writeFileSync(path, text);
  else if (readText(path) !== text) {
    console.error(`${name} is not current: run "npm run openapi" and commit what it writes.`);
    process.exitCode = 1;
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
