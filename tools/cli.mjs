// The command line, over the store and with the keys that "npm start" uses in the same folder. Standard output is the
// answer's alone.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './ensure-built.mjs';
import { readEnvironment } from './environment.mjs';

const root = join(import.meta.dirname, '..');

/** A person wants to know what takes so long; a script wants nothing but what it asked for. */
function announce(line) {
  if (process.stderr.isTTY) console.error(line);
}

if (!existsSync(join(root, 'node_modules', '@nestjs', 'core'))) {
  console.error('The dependencies are not installed: run "npm ci" first.');
  process.exitCode = 1;
} else if (await ensureBuilt(root, { announce })) {
  Object.assign(process.env, readEnvironment());
  await import('../dist/src/cli/main.js');
} else {
  process.exitCode = 1;
}
