import { expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const SOURCES = import.meta.dirname;
const LIBRARY = join(SOURCES, '..', '..', 'node_modules', '@mantine', 'core', 'esm');
const IMPORTED = /import \{([^}]*)\} from '@mantine\/core'/g;
const PART = /from ["'](\.[^"']+)["']/g;
const STYLES = '.module.mjs';

/** Files of the library that a component is made of, by whatever way, itself included. */
function partsOf(file: string, parts = new Set<string>()): Set<string> {
  if (parts.has(file) || !existsSync(file)) return parts;
  parts.add(file);
  for (const [, part = ''] of readFileSync(file, 'utf8').matchAll(PART)) partsOf(join(dirname(file), part), parts);
  return parts;
}

function usedComponents(): Set<string> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
  const names = files.flatMap((name) =>
    [...readFileSync(join(SOURCES, name), 'utf8').matchAll(IMPORTED)].flatMap(([, list = '']) => list.split(',')),
  );
  return new Set(names.map((name) => name.trim()).filter((name) => /^[A-Z]/.test(name)));
}

it('The page has the styles of every component it uses, and of what those are made of', () => {
  const styled = [...usedComponents()].flatMap((name) => [
    ...partsOf(join(LIBRARY, 'components', name, `${name}.mjs`)),
    ...partsOf(join(LIBRARY, 'core', name, `${name}.mjs`)),
  ]);
  const wanted = new Set(styled.filter((file) => file.endsWith(STYLES)).map((file) => basename(file, STYLES)));
  expect(wanted.size).toBeGreaterThan(20);
  const text = readFileSync(join(SOURCES, 'mantine-styles.ts'), 'utf8');
  const had = new Set([...text.matchAll(/styles\/(\w+)\.css/g)].map(([, name]) => name));
  expect([...wanted].filter((name) => !had.has(name))).toEqual([]);
});
