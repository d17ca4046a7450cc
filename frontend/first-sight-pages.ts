import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runnerImport, type Plugin } from 'vite';
import type { FirstSight } from './src/first-sight.tsx';

const SOURCES = join(import.meta.dirname, 'src');
/** What Vite puts into a document for the code, and for what the code imports. */
const CODE = /<script type="module" crossorigin src="([^"]+)"><\/script>\s*/;
const IMPORTED = /<link rel="modulepreload" crossorigin href="([^"]+)">\s*/g;

/**
 * Makes a document for each of the page's addresses, in which what is seen there first is drawn already
 * (`src/first-sight.tsx`), and which asks for the page's code when that has been shown (`src/first-sight.browser.js`).
 */
export function firstSightPages(): Plugin {
  return {
    name: 'patchbay-first-sight',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const built = bundle['index.html'];
        if (built?.type !== 'asset') return this.error('There is no index.html to draw the pages in.');
        const source = readFileSync(join(SOURCES, 'first-sight.browser.js'), 'utf8');
        const script = this.getFileName(this.emitFile({ type: 'asset', name: 'first-sight.js', source }));
        const frame = withScript(String(built.source), `/${script}`);
        const { sights, missing } = await drawn();
        for (const sight of sights) {
          const document = put(frame, sight, missing);
          if (sight.path === '/') built.source = document;
          else this.emitFile({ type: 'asset', fileName: `${sight.path.slice(1)}.html`, source: document });
        }
      },
    },
  };
}

async function drawn(): Promise<typeof import('./src/first-sight.tsx')> {
  const { module } = await runnerImport<typeof import('./src/first-sight.tsx')>(join(SOURCES, 'first-sight.tsx'), {
    plugins: [noStyles],
  });
  return module;
}

const NOTHING = '\0nothing';
/** What is imported for its styles is in the document already, and no code. */
const noStyles: Plugin = {
  name: 'patchbay-no-styles',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('.css') ? NOTHING : null),
  load: (id) => (id === NOTHING ? '' : null),
};

/** @throws Error when the document isn't built as it is thought to be */
function withScript(document: string, script: string): string {
  const entry = CODE.exec(document)?.[1];
  if (entry === undefined) throw new Error('The built document asks for no code.');
  // What is imported by others comes before them.
  const code = [...[...document.matchAll(IMPORTED)].map(([, part]) => part), entry].join(' ');
  return document
    .replaceAll(IMPORTED, '')
    .replace(CODE, () => `<script src="${script}" data-code="${code}"></script>\n    `);
}

function put(frame: string, { path, title, html }: FirstSight, missing: string): string {
  const root = '<div id="root"></div>';
  if (!frame.includes(root)) throw new Error('The built document has no empty root element.');
  const drawn = `<div id="root" data-drawn-for="${path}">${html}</div>`;
  return frame.replace(/<title>[^<]*/, () => `<title>${title}`).replace(root, () => missing + drawn);
}
