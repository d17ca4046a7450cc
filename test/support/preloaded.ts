import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `NODE_OPTIONS` that load these modules of test/support before a program. @param names without `.mjs` */
export function preloaded(...names: readonly string[]): string {
  return names.map((name) => `--import ${pathToFileURL(join(import.meta.dirname, `${name}.mjs`)).href}`).join(' ');
}
