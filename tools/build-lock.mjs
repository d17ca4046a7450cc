// One build at a time: a build empties dist/ first, and would pull it from under another one.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ASK_AGAIN_MS = 200;

/** Waits for its turn. @returns gives the turn back */
export async function takeBuildLock(root) {
  const folder = join(root, 'node_modules', '.cache');
  const lock = join(folder, 'patchbay-build.lock');
  mkdirSync(folder, { recursive: true });
  while (!claim(lock)) await delay(ASK_AGAIN_MS);
  return () => rmSync(lock, { force: true });
}

function claim(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

/** Unless its builder was killed: it leaves the lock behind, and nobody has its process id. */
function isHeld(lock) {
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    // Empty: its owner is about to write into it.
    if (holder > 0) process.kill(holder, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}
