import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const STRAY_ERRORS = pathToFileURL(join(import.meta.dirname, 'stray-errors.ts')).href;

/** A process whose end hangs: something in it goes on for ever. */
const HANGS = `
  import { catchStrayErrors } from '${STRAY_ERRORS}';
  const log = { error() {}, fatal() { process.stdout.write('fatal '); } };
  const end = () => new Promise(() => { setInterval(() => {}, 1000); });
  catchStrayErrors(log, { count() {}, end, endsWithinMs: 50 });
  throw new Error('nobody catches this');
`;

describe('After an exception that nobody handled', () => {
  it('the process ends with 1 even when its end hangs', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', HANGS], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Ends it where the end under test doesn't, minutes later than any machine needs.
      timeout: 180_000,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect([code, output]).toEqual([1, 'fatal ']);
  });
});
