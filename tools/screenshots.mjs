// Takes the pictures of the README anew: runs the product as `npm start` does, in a folder and on ports of its own, does what
// a newcomer would, and looks. Needs Chromium (CHROMIUM_PATH, or one of the usual names on the PATH).
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '..');
const PICTURES = join(ROOT, 'docs', 'pictures');
const PORT = 8090;
const SANDBOX_PORT = 8091;
const URL_OF_PAGE = `http://localhost:${PORT}`;
const READY_WITHIN_MS = 120_000;
const SIZE = { width: 1280, height: 860 };
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function chromiumPath() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  for (const name of ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']) {
    const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  throw new Error('There is no Chromium: install it, or set CHROMIUM_PATH.');
}

async function untilReady() {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    const isReady = await fetch(`${URL_OF_PAGE}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await delay(200);
  }
  throw new Error('The service did not get ready.');
}

async function connect(page, integration) {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByTestId(`connect-${integration}`).click()]);
  await popup.getByRole('button', { name: 'Approve' }).click();
  await page.getByTestId(`card-${integration}`).getByTestId('connection').first().waitFor();
}

async function take(page, name) {
  // No pointer over anything, and nothing that is on its way in or out.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
  console.log(`docs/pictures/${name}.png`);
}

async function takeAll(browser) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(URL_OF_PAGE);
  for (const integration of ['notion', 'airtable']) await connect(page, integration);
  const news = page.getByRole('button', { name: 'Dismiss' });
  while ((await news.count()) > 0) await news.first().click();
  await page.evaluate(() => globalThis.scrollTo(0, 0));
  await take(page, 'connect');
  await page.getByTestId('load-notion').click();
  await page.locator('[data-testid=items-panel][data-phase=done]').waitFor();
  await page.evaluate(() => globalThis.document.querySelector('[data-testid=items-panel]')?.scrollIntoView());
  await take(page, 'explore');
  await page.getByRole('navigation').getByRole('link', { name: 'Status' }).click();
  await page.getByRole('heading', { name: 'Airtable', exact: true }).waitFor();
  await take(page, 'status');
}

mkdirSync(PICTURES, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'patchbay-screenshots-'));
const environment = { ...process.env, PORT: String(PORT), SANDBOX_PORT: String(SANDBOX_PORT), DATA_DIR: folder };
const product = spawn(process.execPath, [join(ROOT, 'tools', 'start.mjs')], {
  env: environment,
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  await untilReady();
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ARGUMENTS });
  await takeAll(browser);
  await browser.close();
} finally {
  product.kill();
  await new Promise((resolve) => product.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
}
