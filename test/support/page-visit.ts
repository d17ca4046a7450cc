import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { HANG_MS } from './eventually.ts';
import type { RunningPatchbay } from './patchbay.ts';
import { PageWitness } from './page-witness.ts';

export interface Owner {
  readonly user_id: string;
  readonly org_id: string;
}

export interface VisitOptions extends BrowserContextOptions {
  /** Whom the page acts as; by default somebody that no other visit acts as. */
  readonly owner?: Owner;
  /** Integrations whose accounts have been connected before, in another browser. */
  readonly connected?: readonly string[];
  /** Runs in every page of the visit before its own scripts. */
  readonly script?: string;
  /** Called before the page is opened, e.g. to route its requests or to install a clock. */
  readonly prepare?: (visit: Visit) => Promise<void>;
  /** The address that is opened first; by default the page's own. */
  readonly address?: string;
  /** Test id of what shows that the page is there, or a function that waits for it; by default a button to connect with. */
  readonly arrival?: string | ((page: Page) => Promise<unknown>);
}

/** A script. Chromium closes a window with one page of history, whoever opened it; with this a test can look at it. */
export const STAY_OPEN = 'window.close = () => undefined;';

/** A script: a page that can't open windows. */
export const NO_POPUPS = 'window.open = () => null;';

/** The element that has the focus. */
export interface Focused {
  readonly tag: string;
  readonly id: string;
  readonly testId: string | null;
  readonly text: string;
}

/** What IndexedDB holds of a session, without its key: a key can't leave the browser. */
export interface KeptSession {
  readonly kind: string;
  readonly sessionId: string;
}

const SCREENSHOTS = join(import.meta.dirname, '..', '..', 'test-output');
const PICTURED_HEIGHT = 2000;
/** They take a third of the browser suites' time, and no test depends on them. */
const TAKES_PICTURES = process.env['PICTURES'] === '1';
/**
 * No animations: without a GPU, drawing them takes a tenth of a visit's processor time. No transitions: axe would judge colours
 * that are halfway to those of another colour scheme.
 */
const NO_ANIMATIONS = `{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, ::before, ::after { animation: none !important; transition: none !important; }');
  document.adoptedStyleSheets = [sheet];
}`;
let visits = 0;

/** One person at the page, in a browser context of their own. */
export class Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly witness: PageWitness;
  readonly owner: Owner;

  private constructor(page: Page, witness: PageWitness, owner: Owner) {
    this.context = page.context();
    this.page = page;
    this.witness = witness;
    this.owner = owner;
  }

  static async begin(browser: Browser, patchbay: RunningPatchbay, options: VisitOptions = {}): Promise<Visit> {
    const { owner = { user_id: `person-${(visits += 1)}`, org_id: 'browsers' }, ...others } = options;
    const {
      script,
      prepare,
      address = patchbay.url,
      arrival = connectable,
      connected = [],
      ...contextOptions
    } = others;
    const elsewhere = patchbay.newBrowser();
    for (const integration of connected) await elsewhere.connect(integration, { ...owner });
    const chosen = { userId: owner.user_id, orgId: owner.org_id };
    const localStorage = [{ name: 'patchbay.owner', value: JSON.stringify(chosen) }];
    const context = await browser.newContext({
      storageState: { cookies: [], origins: [{ origin: patchbay.url, localStorage }] },
      reducedMotion: 'reduce',
      ...contextOptions,
    });
    context.setDefaultTimeout(HANG_MS);
    await context.addInitScript(NO_ANIMATIONS);
    if (script !== undefined) await context.addInitScript(script);
    const witness = new PageWitness(context, patchbay.url);
    const visit = new Visit(await context.newPage(), witness, owner);
    await prepare?.(visit);
    await visit.page.goto(address);
    if (typeof arrival === 'string') await visit.page.getByTestId(arrival).waitFor();
    else await arrival(visit.page);
    return visit;
  }

  /** @returns what went wrong unseen */
  async end(): Promise<string[]> {
    const complaints = await this.witness.complaints();
    await this.context.close();
    return complaints;
  }

  card(integration: string): Locator {
    return this.page.getByTestId(`card-${integration}`);
  }

  connections(integration: string): Locator {
    return this.card(integration).getByTestId('connection');
  }

  notice(integration: string, phase: string): Locator {
    return this.card(integration).locator(`[data-testid=connect-notice][data-phase=${phase}]`);
  }

  panel(integration: string, phase: string): Locator {
    return this.page.locator(`[data-testid=items-panel][data-integration=${integration}][data-phase=${phase}]`);
  }

  /** Presses Connect. @returns the popup, on the provider's page */
  async openPopup(integration: string): Promise<Page> {
    await this.goTo('Connect');
    return this.popupAfter(this.page.getByTestId(`connect-${integration}`));
  }

  async popupAfter(button: Locator): Promise<Page> {
    const [popup] = await Promise.all([this.page.waitForEvent('popup'), button.click()]);
    await approvable(popup);
    return popup;
  }

  /** Presses Connect, says yes in the popup, and waits until the page knows. */
  async connect(integration: string): Promise<void> {
    const popup = await this.openPopup(integration);
    await decide(popup, 'Approve');
    await this.notice(integration, 'connected').waitFor();
    await this.connections(integration).first().waitFor();
  }

  /** Presses Load items where the accounts are, which leads to where items are looked at. */
  async beginLoad(integration: string): Promise<void> {
    await this.goTo('Connect');
    await this.card(integration).getByTestId(`load-${integration}`).click();
    await this.page.locator(`[data-testid=items-panel][data-integration=${integration}]`).waitFor();
  }

  /** As above. @returns how many the page says it has, once it has them all */
  async load(integration: string): Promise<number> {
    await this.beginLoad(integration);
    return this.loaded(integration);
  }

  /** Follows a link of the page to another part of it, unless it is there or the page has but one part. */
  async goTo(name: 'Connect' | 'Explore'): Promise<void> {
    const link = this.page.getByRole('navigation').getByRole('link', { name, exact: true });
    if ((await link.count()) === 0) return;
    if ((await link.getAttribute('aria-current')) === null) await link.click();
  }

  async loaded(integration: string): Promise<number> {
    const count = this.panel(integration, 'done').getByTestId('items-count');
    return Number(await count.getAttribute('data-count'));
  }

  /** Lets the page look at the service at once, as it does when a person comes back to its window. */
  async look(integration: string): Promise<void> {
    const looked = this.page.waitForResponse(new RegExp(`/integrations/${integration}/authorizations/`));
    await this.page.evaluate(`window.dispatchEvent(new Event('focus'))`);
    await looked;
  }

  /** What a person gets who exports all items of a panel. */
  async exported(integration: string, format: 'csv' | 'json' | 'ndjson' = 'ndjson'): Promise<string> {
    const panel = this.page.locator(`[data-testid=items-panel][data-integration=${integration}]`);
    await panel.getByTestId('items-export').click();
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByTestId(`export-shown-${format}`).click(),
    ]);
    return readFile(await download.path(), 'utf8');
  }

  /** The ids of all items that were loaded, in the order in which they came. */
  async itemIds(integration: string): Promise<string[]> {
    const lines = (await this.exported(integration)).split('\n').filter(Boolean);
    return lines.map((line) => (JSON.parse(line) as { id: string }).id);
  }

  /** Of the rows that are in the page now, as a person reads them. */
  async rowTexts(integration: string): Promise<string[]> {
    return this.page
      .locator(`[data-testid=items-panel][data-integration=${integration}] [data-testid=item]`)
      .allTextContents();
  }

  /** Opens the page once more, in the same browser. */
  async openTab(address: string): Promise<Page> {
    const tab = await this.context.newPage();
    await tab.goto(address);
    return tab;
  }

  focused(): Promise<Focused> {
    return this.page.evaluate<Focused>(`({ tag: document.activeElement.tagName, id: document.activeElement.id,
      testId: document.activeElement.dataset.testid ?? null, text: document.activeElement.textContent })`);
  }

  keptSessions(): Promise<KeptSession[]> {
    return withSessions(this.page, `all.map(({ kind, sessionId }) => ({ kind, sessionId }))`);
  }

  /** The upper part of a page in test-output/, for people to look at, with PICTURES=1. Nothing is compared. */
  async picture(name: string, page: Page = this.page): Promise<void> {
    if (!TAKES_PICTURES) return;
    mkdirSync(SCREENSHOTS, { recursive: true });
    const clip = { x: 0, y: 0, width: page.viewportSize()?.width ?? 1280, height: PICTURED_HEIGHT };
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true, clip, animations: 'disabled' });
  }
}

/** The same page in light, in dark, and as narrow as a phone. */
export async function pictures(visit: Visit, name: string): Promise<void> {
  if (!TAKES_PICTURES) return;
  const { page } = visit;
  const size = page.viewportSize() ?? { width: 1280, height: 720 };
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await visit.picture(`${name}-${colorScheme}`);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await visit.picture(`${name}-dark-360`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(size);
}

export async function decide(page: Page, decision: 'Approve' | 'Deny'): Promise<void> {
  await page.getByRole('button', { name: decision }).click();
}

/** Waits for a provider's consent page. */
export async function approvable(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Approve' }).waitFor();
}

/** Waits until there is something to connect. */
export async function connectable(page: Page): Promise<void> {
  await page.getByTestId('cards').getByRole('button', { name: 'Connect' }).first().waitFor();
}

/** Evaluates an expression in the page over `all` the records that it keeps of sessions, and their `store`. */
export function withSessions<T>(page: Page, expression: string): Promise<T> {
  return page.evaluate<T>(`(async () => {
    const settled = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await settled(indexedDB.open('patchbay'));
    const store = () => database.transaction('sessions', 'readwrite').objectStore('sessions');
    const all = await settled(store().getAll());
    const keys = await settled(store().getAllKeys());
    try { return await (${expression}); } finally { database.close(); }
  })()`);
}
