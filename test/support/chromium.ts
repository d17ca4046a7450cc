import { describe } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { foundBinary } from './found-binaries.ts';

/** No sandbox, because tests run as root in containers; the rest keeps it from talking to anyone but the tests. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Like `describe`, but skipped where there is no Chromium. Never in CI. */
export const describeWithChromium: typeof describe | typeof describe.skip =
  foundBinary('chromium') === undefined ? describe.skip : describe;

/** A headless browser. Whoever launches it closes it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = foundBinary('chromium');
  if (executablePath === undefined) throw new Error('There is no Chromium: use describeWithChromium.');
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}
