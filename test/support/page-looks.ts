import { expect } from '@jest/globals';
import { colorViolations, violations } from './axe.ts';
import type { Visit } from './page-visit.ts';

const LOOKS = [
  { suffix: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 }, judge: violations },
  { suffix: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 }, judge: colorViolations },
  { suffix: 'small', colorScheme: 'light', viewport: { width: 360, height: 740 }, judge: () => [] },
] as const;

/** Fails if the page violates WCAG 2.2 AA in light or in dark, or is wider than its window, also on a small screen. */
export async function expectGoodLooks(visit: Visit, name: string): Promise<void> {
  const { page } = visit;
  for (const { suffix, colorScheme, viewport, judge } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await visit.picture(`${name}-${suffix}`);
    expect([name, suffix, await judge(page)]).toEqual([name, suffix, []]);
    expect([name, suffix, await overflow(visit)]).toEqual([name, suffix, 0]);
  }
  await page.emulateMedia({ colorScheme: LOOKS[0].colorScheme });
  await page.setViewportSize(LOOKS[0].viewport);
}

export async function expectNoViolations(visit: Visit): Promise<void> {
  expect(await violations(visit.page)).toEqual([]);
}

/** By how many pixels the page is wider than its window. */
export function overflow({ page }: Visit): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
