import { lazy } from 'react';
import { Route, Switch } from 'wouter';
import type { Returned } from '../connect/returned.ts';
import { useServices } from '../services.ts';
import { strings } from '../strings.ts';
import { ConnectPage } from './connect-page.tsx';
import { FocusedShell } from './focused-shell.tsx';
import { FocusedPage } from './focused-page.tsx';
import { LostPage } from './lost-page.tsx';
import { Page } from './page.tsx';
import { PAGES } from './pages.ts';
import { Shell } from './shell.tsx';

// What isn't seen first isn't loaded first.
const ExplorePage = lazy(() => import('../items/explore-page.tsx').then((module) => ({ default: module.ExplorePage })));
const StatusPage = lazy(() => import('../status/status-page.tsx').then((module) => ({ default: module.StatusPage })));

export function App({ returned }: { returned: Returned | null }) {
  const { place } = useServices();
  if (place.focused) {
    return (
      <FocusedShell>
        <FocusedPage returned={returned} />
      </FocusedShell>
    );
  }
  return (
    <Shell>
      <Switch>
        <Route path={PAGES.connect}>
          <Page key={PAGES.connect} title={strings.page.connectTitle} lead={strings.page.connectLead}>
            <ConnectPage returned={returned} />
          </Page>
        </Route>
        <Route path={PAGES.explore}>
          <Page key={PAGES.explore} title={strings.page.exploreTitle} lead={strings.page.exploreLead}>
            <ExplorePage />
          </Page>
        </Route>
        <Route path={PAGES.status}>
          <Page key={PAGES.status} title={strings.page.statusTitle} lead={strings.page.statusLead}>
            <StatusPage />
          </Page>
        </Route>
        <Route>
          <Page key="lost" title={strings.page.lost}>
            <LostPage />
          </Page>
        </Route>
      </Switch>
    </Shell>
  );
}
