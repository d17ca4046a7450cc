import { text } from 'node:stream/consumers';
import { processEnvironment } from '../config/process-environment.ts';
import { run } from './run.ts';

/** npm runs scripts in the project's folder, wherever it was called. */
function directory(): string {
  const { npm_lifecycle_event: script, INIT_CWD: calledIn } = process.env;
  const isScript = script === 'cli' || script === 'clients';
  return isScript && calledIn !== undefined ? calledIn : process.cwd();
}

const poured = new WeakSet<Error>();

function pour(text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve(true);
      else if (isClosed(error)) resolve(false);
      else {
        poured.add(error);
        reject(error);
      }
    });
  });
}

/** What reads what we write, such as `head`, may have enough of it. */
function isClosed(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
}

/** A line that goes on below could not be taken away again. */
function rewrite(line: string): void {
  const { columns } = process.stderr;
  // Some terminals don't know how wide they are.
  process.stderr.write(`\r\u001b[K${columns > 1 ? line.slice(0, columns - 1) : line}`);
}

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: Error) => {
    // What was poured is told of by whoever poured it.
    if (!isClosed(error) && !poured.has(error)) throw error;
  });

process.exitCode = await run(process.argv.slice(2), {
  environment: processEnvironment(),
  directory: directory(),
  write: (answer) => void process.stdout.write(answer),
  pour,
  say: (line) => void process.stderr.write(`${line}\n`),
  ...(process.stderr.isTTY ? { rewrite } : {}),
  input: () => text(process.stdin),
});
