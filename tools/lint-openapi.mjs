// Holds docs/openapi.json against Spectral's and Redocly's rules. Neither tool may report home or look for news of itself.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
const document = join('docs', 'openapi.json');

for (const [program, ...words] of [
  ['@stoplight/spectral-cli/dist/index.js', 'lint', '--quiet', '--fail-severity', 'warn', document],
  ['@redocly/cli/bin/cli.js', 'lint', '--format', 'stylish', '--max-problems', '20', document],
]) {
  const script = join(root, 'node_modules', program);
  const { status } = spawnSync(process.execPath, [script, ...words], { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
