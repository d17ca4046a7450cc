// Walks through the product from outside, as "npm start" runs it: connect an account of each integration, load its items,
// stop. Fails with one line. Needs the project's own Node and free ports.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from '../test/support/http-browser.ts';

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 30_000;
const OWNER = { user_id: 'smoke-user', org_id: 'smoke-org' };
const root = join(import.meta.dirname, '..');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return String(port);
}

async function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms / 1000} s: ${what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Resolves with the address that is printed. */
function readyAddress(product) {
  return new Promise((resolve, reject) => {
    let output = '';
    product.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const [, url] = /^Patchbay is ready: (\S+)$/m.exec(output) ?? [];
      if (url !== undefined) resolve(url);
    });
    product.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
  });
}

async function connectAndLoad(browser, integration) {
  const { authorization_url, state } = await browser.begin(integration, OWNER);
  const consent = await fetch(authorization_url);
  if (!(await consent.text()).includes('name="decision"')) throw new Error(`${integration}: no consent form`);
  const callback = await browser.arrive(await browser.decide(authorization_url, 'approve'));
  if (callback.status !== 200) throw new Error(`${integration}: the callback answered ${callback.status}`);
  const { json: outcome } = await browser.get(`/integrations/${integration}/authorizations/${state}`);
  if (outcome.status !== 'connected') throw new Error(`${integration}: ${JSON.stringify(outcome)}`);
  const { json: page, text } = await browser.post(`/integrations/${integration}/load`, OWNER);
  if (!(page.items?.length > 0) || page.failures.length > 0) throw new Error(`${integration}: ${text}`);
  console.log(`${integration}: connected, ${page.items.length} items in the first page`);
}

async function walk(url) {
  for (const path of ['/', '/docs', '/health/ready']) {
    const { status } = await fetch(url + path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  }
  const browser = new Browser(url);
  const { integrations } = (await browser.get('/integrations')).json;
  if (!(integrations?.length > 0)) throw new Error('there is no integration');
  for (const { integration } of integrations) await connectAndLoad(browser, integration);
}

async function smoke(product) {
  const startedAt = performance.now();
  const url = await within(READY_WITHIN_MS, 'the ready line', readyAddress(product));
  console.log(`ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${url}`);
  await walk(url);
  const ended = once(product, 'exit');
  product.kill('SIGTERM');
  const [code, signal] = await within(STOPPED_WITHIN_MS, 'its end after SIGTERM', ended);
  if (code !== 0) throw new Error(`npm start ended with ${code ?? signal} after SIGTERM`);
  const isUp = await fetch(`${url}/health/live`).then(
    () => true,
    () => false,
  );
  if (isUp) throw new Error('the service still answers after npm start ended');
  console.log('stopped with 0');
}

const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-smoke-'));
const product = spawn('npm', ['start'], {
  cwd: root,
  env: { ...process.env, PORT: await freePort(), SANDBOX_PORT: await freePort(), DATA_DIR: dataDir },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await smoke(product);
} catch (error) {
  console.error(`The smoke test failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  if (product.exitCode === null && product.signalCode === null) product.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
}
