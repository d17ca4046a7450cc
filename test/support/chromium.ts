import { describe } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM_ARGUMENTS } from '../../tools/chromium.mjs';
import { foundBinary } from './found-binaries.ts';

/** Like `describe`, but skipped where there is no Chromium. Never in CI. */
export const describeWithChromium: typeof describe | typeof describe.skip =
  foundBinary('chromium') === undefined ? describe.skip : describe;

/** A headless browser. Whoever launches it closes it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = foundBinary('chromium');
  if (executablePath === undefined) throw new Error('There is no Chromium: use describeWithChromium.');
  return chromium.launch({ executablePath, headless: true, args: [...CHROMIUM_ARGUMENTS] });
}
