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

/** Of the pages that are loaded when they are opened, which bring styles of their own. */
const LATER = ['items', 'status'];

const textOf = (name: string): string => readFileSync(join(SOURCES, name), 'utf8');

/** @param folder of a page; without one, what may be seen on every page */
function usedComponents(folder?: string): Set<string> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx'))
    .filter((name) => LATER.find((later) => name.startsWith(join(later, '/'))) === folder);
  const names = files.flatMap((name) =>
    [...textOf(name).matchAll(IMPORTED)].flatMap(([, list = '']) => list.split(',')),
  );
  return new Set(names.map((name) => name.trim()).filter((name) => /^[A-Z]/.test(name)));
}

const stylesIn = (name: string): string[] =>
  [...textOf(name).matchAll(/styles\/(\w+)\.css/g)].map(([, style = '']) => style);

it.each([['Every page', undefined], ...LATER.map((folder) => [`The page of ${folder}`, folder] as const)])(
  '%s has the styles of every component it uses, and of what those are made of',
  (_, folder) => {
    const styled = [...usedComponents(folder)].flatMap((name) => [
      ...partsOf(join(LIBRARY, 'components', name, `${name}.mjs`)),
      ...partsOf(join(LIBRARY, 'core', name, `${name}.mjs`)),
    ]);
    const wanted = new Set(styled.filter((file) => file.endsWith(STYLES)).map((file) => basename(file, STYLES)));
    expect(wanted.size).toBeGreaterThan(10);
    const own = folder === undefined ? [] : stylesIn(join(folder, 'mantine-styles.ts'));
    const had = new Set([...stylesIn('mantine-styles.ts'), ...own]);
    expect([...wanted].filter((name) => !had.has(name))).toEqual([]);
  },
);
