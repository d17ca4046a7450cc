// The product as `npm start` runs it, in a folder and on ports of its own, and a browser to look at it with.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..');
const PORT = 8090;
const SANDBOX_PORT = 8091;
const READY_WITHIN_MS = 120_000;

/** Runs the product while `act` uses it. */
export async function withDemo(act) {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-demo-'));
  const environment = { ...process.env, PORT: String(PORT), SANDBOX_PORT: String(SANDBOX_PORT), DATA_DIR: folder };
  const product = spawn(process.execPath, [join(ROOT, 'tools', 'start.mjs')], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => product.once('exit', resolve));
  const url = `http://localhost:${PORT}`;
  try {
    await untilReady(url);
    await act(url);
  } finally {
    product.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function untilReady(url) {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    const isReady = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await delay(200);
  }
  throw new Error('The service did not get ready.');
}
