// What the operator said: the process environment over what a `.env` file in the working directory says.
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export function readEnvironment() {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  const environment = { ...file, ...process.env };
  // Here and nowhere else a start is a demo by default: whoever runs the service itself has to ask for it.
  if (environment.NODE_ENV !== 'production') environment.DEMO ||= 'true';
  return environment;
}

export const isDemo = (environment) => environment.DEMO === 'true' || environment.DEMO === '1';

/** Whether the sandbox is ours to start: in the demo, unless another one was named. */
export const wantsSandbox = (environment) => isDemo(environment) && !environment.SANDBOX_URL;
