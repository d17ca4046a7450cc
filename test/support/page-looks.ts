import { expect } from '@jest/globals';
import axe from 'axe-core';
import type { Visit } from './page-visit.ts';

const LOOKS = [
  { suffix: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 }, isJudged: true },
  { suffix: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 }, isJudged: true },
  { suffix: 'small', colorScheme: 'light', viewport: { width: 360, height: 740 }, isJudged: false },
] as const;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Pictures of what the page shows now in both themes, which may break no rule of WCAG, and on a small screen. */
export async function pictureEverywhere(visit: Visit, name: string): Promise<void> {
  for (const { suffix, colorScheme, viewport, isJudged } of LOOKS) {
    await visit.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await visit.page.setViewportSize(viewport);
    await visit.picture(`${name}-${suffix}`);
    if (isJudged) await expectNoViolations(visit);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect([name, suffix, await visit.page.evaluate(overflow)]).toEqual([name, suffix, 0]);
  }
  await visit.page.emulateMedia({ colorScheme: 'light' });
  await visit.page.setViewportSize(LOOKS[0].viewport);
}

export async function expectNoViolations(visit: Visit): Promise<void> {
  // In each of its documents once: a journey may have reloaded.
  if (!(await visit.page.evaluate('"axe" in window'))) await visit.page.evaluate(axe.source);
  const run = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`;
  const violations = await visit.page.evaluate<readonly Violation[]>(`${run}.then(({ violations }) => violations)`);
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
}
