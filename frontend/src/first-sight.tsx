import { QueryClient } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { prerender } from 'react-dom/static';
import { Router } from 'wouter';
import type { Condition } from './availability/availability.ts';
import type { Services } from './services.ts';
import type { Standing } from './session/visit.ts';
import { PageRoot } from './shell/page-root.tsx';
import { PAGES } from './shell/pages.ts';
import { Observable } from './state/observable.ts';
import { strings } from './strings.ts';

/** One of the page's addresses, and what is seen there before anything is known of who looks at it. */
export interface FirstSight {
  path: string;
  title: string;
  html: string;
}

/** Stands beside each of them, hidden until the page's code turns out to be out of reach. */
export const missing = renderToStaticMarkup(
  <div id="code-missing" className="banner" data-condition="missing" role="alert" hidden>
    <div className="banner-line">
      {strings.page.codeMissing}
      <button type="button">{strings.page.reload}</button>
    </div>
  </div>,
);

const TITLES: Record<(typeof PAGES)[keyof typeof PAGES], string> = {
  [PAGES.connect]: strings.page.connectTitle,
  [PAGES.focused]: strings.focused.title,
  [PAGES.explore]: strings.page.exploreTitle,
  [PAGES.status]: strings.page.statusTitle,
};

/**
 * Drawn when the page is built (`first-sight-pages.ts`), so that a browser shows it as soon as it has it, and not when it has
 * got and run all of the page's code.
 */
export const sights: readonly FirstSight[] = await Promise.all(Object.values(PAGES).map(draw));

async function draw(path: keyof typeof TITLES): Promise<FirstSight> {
  const failures: unknown[] = [];
  const { prelude } = await prerender(
    <Router ssrPath={path}>
      <PageRoot services={nothingKnown(path === PAGES.focused)} returned={null} />
    </Router>,
    {
      onError: (failure) => void failures.push(failure),
      // Otherwise what is long comes later, put in its place by an inline script, which the policy forbids.
      progressiveChunkSize: Number.POSITIVE_INFINITY,
    },
  );
  if (failures.length > 0) throw new AggregateError(failures, `The page at ${path} can't be drawn ahead.`);
  return { path, title: strings.page.inTab(TITLES[path]), html: await new Response(prelude).text() };
}

/** What is asked of the services before they have done anything; asking for more fails the build. */
function nothingKnown(focused: boolean): Services {
  const known: Known = {
    visit: {
      standing: new Observable<Standing>({ name: 'arriving' }),
      permissions: new Observable<readonly string[]>([]),
    },
    availability: { condition: new Observable<Condition>({ name: 'well' }) },
    queries: new QueryClient(),
    place: { focused, framing: 'top' },
  };
  return known as Services;
}

interface Known extends Pick<Services, 'queries' | 'place'> {
  visit: Pick<Services['visit'], 'standing' | 'permissions'>;
  availability: Pick<Services['availability'], 'condition'>;
}
