import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { PERMISSIONS } from '../../src/callers/caller.ts';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { eventually, HANG_MS } from '../support/eventually.ts';
import { PageWitness } from '../support/page-witness.ts';
import { clientsOf } from '../support/signed-caller.ts';

const PICTURES = join(import.meta.dirname, '..', '..', 'test-output');

describeWithChromium('"Try it out" at /docs', () => {
  const stage = BrowserStage.within();
  let page: Page;
  let witness: PageWitness;
  let keyId: string;
  let secret: string;

  beforeAll(async () => {
    const issued = await clientsOf(stage.patchbay).create({ name: 'docs', permissions: PERMISSIONS, orgs: '*' });
    keyId = issued.client.clientId;
    secret = issued.secret?.reveal() ?? '';
  });

  beforeEach(async () => {
    const context = await stage.browser.newContext();
    context.setDefaultTimeout(HANG_MS);
    witness = new PageWitness(context, stage.patchbay.url);
    page = await context.newPage();
    await page.goto(`${stage.patchbay.url}/docs`);
  });
  // Among them would be every complaint about the Content-Security-Policy.
  afterEach(async () => {
    expect(await witness.complaints()).toEqual([]);
    await page.context().close();
  });

  const type = async (name: string, value: string): Promise<void> => {
    await page.getByLabel('Key id').fill(name);
    await page.getByLabel('Secret').fill(value);
    await page.getByRole('button', { name: 'Sign requests' }).click();
  };
  const operationOf = (id: string): Locator => page.locator(`[id$="${id}"].opblock`);
  /** @returns where the status of the answer is shown */
  const execute = async (id: string): Promise<Locator> => {
    const operation = operationOf(id);
    await operation.getByRole('button', { name: 'Execute' }).click();
    return operation.locator('.live-responses-table .response-col_status').nth(1);
  };
  const tryOut = async (id: string): Promise<Locator> => {
    const operation = operationOf(id);
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    return execute(id);
  };
  const picture = async (name: string): Promise<void> => {
    if (process.env['PICTURES'] !== '1') return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  };

  const lastAnswer = (): Locator => page.locator('.live-responses-table');
  /** Once more, what has been tried out before: the status before this one is shown until there is an answer. */
  const again = async (id: string, status: RegExp): Promise<string> => {
    const shown = await execute(id);
    return eventually(
      () => shown.innerText(),
      (text) => status.test(text),
    );
  };

  it('signs once a good key was typed, and before that and after says what is missing', async () => {
    witness.tolerate(401, '/integrations');
    await type('', secret);
    expect(await page.getByRole('status').innerText()).toContain('Type the key id');
    await type(keyId, 'hunter2');
    expect(await page.getByRole('status').innerText()).toContain('Type the secret');
    expect(await (await tryOut('-Catalog_list')).innerText()).toMatch(/^401/);
    expect(await lastAnswer().innerText()).toContain('signature_required');

    await type(keyId, 'A'.repeat(43));
    expect(await again('-Catalog_list', /^401/)).toMatch(/^401/);
    await lastAnswer().getByText('invalid_signature').first().waitFor();
    await picture('docs-wrong-secret');

    await type(keyId, secret);
    await page.getByRole('status').getByText(`signed as ${keyId}`).waitFor();
    expect(await again('-Catalog_list', /^200/)).toMatch(/^200/);
    await page.getByRole('button', { name: 'Forget', exact: true }).click();
    expect(await again('-Catalog_list', /^401/)).toMatch(/^401/);
  });

  it('signs what has no body, what has a query, and a body with its digest; by whichever name of this machine', async () => {
    await page.goto(`${stage.patchbay.url.replace('localhost', '127.0.0.1')}/docs`);
    await type(keyId, secret);
    expect(await (await tryOut('-Catalog_list')).innerText()).toMatch(/^200/);
    await picture('docs-get');
    expect(await (await tryOut('-Connections_list')).innerText()).toMatch(/^200/);
    expect(await (await tryOut('-Sessions_create')).innerText()).toMatch(/^201/);
    await picture('docs-post');
  });

  it('keeps the secret nowhere, and forgets the key on a reload', async () => {
    witness.tolerate(401, '/integrations');
    await type(keyId, secret);
    await page.getByRole('status').getByText(`signed as ${keyId}`).waitFor();
    expect(await page.getByLabel('Secret').inputValue()).toBe('');
    const kept = 'JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, document.body.outerHTML])';
    expect(await page.evaluate(kept)).not.toContain(secret);
    await page.reload();
    expect(await page.getByLabel('Key id').inputValue()).toBe('');
    expect(await (await tryOut('-Catalog_list')).innerText()).toMatch(/^401/);
  });
});
