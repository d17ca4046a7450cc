import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const ALL_RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** The rules among them whose outcome depends on colours: enough for a page that is judged in another colour scheme, too. */
const COLOR_RULES = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** Violations of WCAG 2.2 AA and of good practice in a page, one line each. */
export function violations(page: Page): Promise<string[]> {
  return violationsOf(page, ALL_RULES);
}

/** As `violations`, of the rules about colours alone. */
export function colorViolations(page: Page): Promise<string[]> {
  return violationsOf(page, COLOR_RULES);
}

async function violationsOf(page: Page, runOnly: typeof ALL_RULES): Promise<string[]> {
  // Once in each document: a test may have loaded another one.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
  const findings = await page.evaluate<Finding[]>(
    `axe.run(document, ${options}).then((results) => results.violations)`,
  );
  return findings.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} (${node.failureSummary ?? ''})`));
}
