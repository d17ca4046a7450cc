import react from '@vitejs/plugin-react';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { compressedFiles } from './compressed-files.ts';
import { firstSightPages } from './first-sight-pages.ts';

const API = 'http://localhost:8000';

/**
 * `changeOrigin` has to be off explicitly (Vite turns it on for a bare target): the browser's own
 * `Host: localhost:3000` must reach the service, which checks Host and Origin against its allowed origins and
 * signatures against the authority they cover.
 */
const target = { target: API, changeOrigin: false };
const proxied = [
  '/integrations',
  '/connections',
  '/health',
  '/docs',
  '/openapi.json',
  '/sessions',
  '/demo',
  '/operations',
];

export default defineConfig({
  plugins: [react(), firstSightPages(), compressedFiles(join(import.meta.dirname, 'dist'))],
  server: { port: 3000, strictPort: true, proxy: Object.fromEntries(proxied.map((path) => [path, target])) },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // Nothing is turned into data: URLs or inline scripts, so that the strict content security policy holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What the first page needs, in parts that are run one after the other (`src/first-sight.browser.js`).
        codeSplitting: {
          groups: [
            {
              name: 'renderer',
              test: /node_modules[\\/](?:react|react-dom|scheduler)[\\/]|renderer\.ts$/,
              tags: ['$initial'],
            },
            { name: 'libraries', test: /node_modules.*js$/, tags: ['$initial'] },
          ],
        },
      },
    },
  },
});
