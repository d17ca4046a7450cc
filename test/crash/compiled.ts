import { transformFile } from '@swc/core';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Compiled {
  /** The compiled form of a source file, by its path below the project's root. */
  file(source: string): string;
  remove(): void;
}

/**
 * The service's sources and these programs, compiled once into a folder of their own: hundreds of processes start from
 * there, and none of them sees what is built meanwhile.
 */
export async function compile(): Promise<Compiled> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-crash-program-'));
  const sources = ['src', 'test/crash'].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/\.(spec|test)\.ts$/.test(path))
      .map((path) => join(room, path)),
  );
  const file = (source: string) => join(folder, source.replace(/\.ts$/, '.js'));
  await Promise.all(sources.map((source) => compileFile(join(ROOT, source), file(source))));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

// The option that makes './x.ts' './x.js' is in no type yet.
const LANGUAGE = {
  target: 'es2023',
  keepClassNames: true,
  rewriteRelativeImportExtensions: true,
  parser: { syntax: 'typescript', decorators: true },
  transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
} as const;

async function compileFile(from: string, to: string): Promise<void> {
  const { code } = await transformFile(from, { swcrc: false, module: { type: 'es6' }, jsc: LANGUAGE });
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, code);
}
